import { expect, test } from 'vitest'
import type { CalledTool, ToolAnswer } from '../transcript/transcript.ts'
import { makeToolResults } from './make-tool-results.ts'

const call = (status: ToolAnswer['status'], content: string): CalledTool => ({
  call_id: 'x',
  mcp: 'a',
  tool: 'b',
  input: {},
  called_at: '',
  answer: { status, content, rule: '', duration_ms: 0, answered_at: '' },
})

test('every call has a result, and every result has text', () => {
  const unknown = { ...call('ok', ''), answer: null }
  const result = { type: 'tool_result', tool_use_id: 'x' }
  expect(makeToolResults([call('ok', 'a'), call('error', ''), call('ok', ' \n'), unknown])).toEqual([
    { ...result, content: 'a' },
    { ...result, content: '(no output)', is_error: true },
    { ...result, content: '(no output)' },
    { ...result, content: '(no output)', is_error: true },
  ])
})
