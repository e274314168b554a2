import { expect, test } from 'vitest'
import { capToolTexts } from './cap-tool-texts.ts'
import type { CalledTool } from './said.ts'

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

test('keeps the first texts whole, and says of the others that they are left out', () => {
  const tools = [called('é'.repeat(400)), called('é'.repeat(400)), called('short')]
  const capped = capToolTexts(tools, 4500)
  expect(capped[0]).toEqual(tools[0])
  expect(capped[1]?.answer?.content).toMatch(/left out/)
  expect(capped.map(({ input }) => input)).toEqual(tools.map(({ input }) => input))
})

test('is never longer than it may be', () => {
  const tools = Array.from({ length: 20 }, () => called('é"'.repeat(5000)))
  for (const bytes of [25_000, 50_000, 100_000])
    expect(Buffer.byteLength(JSON.stringify(capToolTexts(tools, bytes)))).toBeLessThanOrEqual(bytes)
})

test('a call without a result, or without an input that can be read, stays one', () => {
  const unknown = { ...called('x'), input: undefined, answer: null }
  expect(capToolTexts([unknown], 2000)).toEqual([unknown])
})
