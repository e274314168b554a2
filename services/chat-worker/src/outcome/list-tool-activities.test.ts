import { expect, test } from 'vitest'
import { listToolActivities } from './list-tool-activities.ts'
import type { CalledTool } from '../transcript/transcript.ts'

const called = (content: string): CalledTool => ({
  call_id: 'c',
  mcp: 'notes',
  tool: 'read',
  input: { a: 1 },
  called_at: '2026-01-01T00:00:00.000Z',
  answer: {
    status: 'ok',
    content,
    rule: 'all',
    duration_ms: 3,
    answered_at: '2026-01-01T00:00:00.003Z',
  },
})

test('lists each call and its result; a call without a known result has none', () => {
  expect(listToolActivities([called('x'), { ...called('y'), answer: null }], 10_000)).toMatchObject([
    { activity_type: 'mcp_tool_call', activity_data: { input: { a: 1 } } },
    { activity_type: 'mcp_tool_response', activity_data: { output: 'x' }, duration_ms: 3 },
    { activity_type: 'mcp_tool_call' },
  ])
})
