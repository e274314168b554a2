import { expect, test } from 'vitest'
import { toolTextsBytes } from '../transcript/cap-tool-texts.ts'
import { emptyTranscript, type CalledTool } from '../transcript/transcript.ts'
import { describeIntents, readIntents } from './tool-intents.ts'

const called = (content: string): CalledTool => ({
  call_id: 'earlier',
  mcp: 'notes',
  tool: 'read',
  input: {},
  called_at: '2026-01-01T00:00:00.000Z',
  answer: {
    status: 'ok',
    content,
    rule: 'all',
    duration_ms: 3,
    answered_at: '2026-01-01T00:00:00.003Z',
  },
})

const use = {
  callId: 'begun',
  name: 'notes__write',
  input: { text: 'x' },
  mcp: 'notes',
  tool: 'write',
  repeatable: false,
  recordedInput: { text: 'x' },
}

test('stored intents can be read again, however long the texts of the tools are', () => {
  const tools = Array.from({ length: 100 }, () => called('x'.repeat(65_536)))
  const intents = describeIntents([use], { ...emptyTranscript('model'), tools })
  expect(intents.calls).toEqual(['begun'])
  const stored = JSON.stringify(intents)
  expect(Buffer.byteLength(stored)).toBeLessThan(toolTextsBytes + 4096)
  const known = readIntents(JSON.parse(stored))?.tools
  expect(known).toHaveLength(101)
  expect(known?.[0]).toMatchObject({ call_id: tools[0]?.call_id, input: tools[0]?.input })
  expect(known?.[0]?.answer?.content).toMatch(/^x{10000,}\(left out/)
  expect(known?.at(-1)).toMatchObject({ call_id: 'begun', input: { text: 'x' }, answer: null })
})
