import { expect, test } from 'vitest'
import { streams } from '@omni2/contracts'
import { capToolTexts } from '../transcript/cap-tool-texts.ts'
import { roomForTools } from './room-for-tools.ts'

const called = {
  call_id: 'c',
  mcp: 'notes',
  tool: 'read',
  input: {},
  called_at: '2026-01-01T00:00:00.000Z',
  answer: {
    status: 'ok',
    content: 'x'.repeat(65_536),
    rule: 'all',
    duration_ms: 3,
    answered_at: '2026-01-01T00:00:00.003Z',
  },
} as const

test.each([10, 500_000, 600_000])(
  'a settlement with an answer of %i lines fits into its message',
  (lines) => {
    const said = { question: 'why?', answer: 'a\n'.repeat(lines) }
    const tools = capToolTexts(
      Array.from({ length: 100 }, () => called),
      roomForTools(said),
    )
    const settlement = JSON.stringify([said, said, tools])
    expect(Buffer.byteLength(settlement)).toBeLessThan(streams.FLOW_EVENTS.max_msg_size)
  },
)

test('the tool texts of a turn without a long answer are kept', () => {
  const tools = Array.from({ length: 30 }, () => called)
  expect(capToolTexts(tools, roomForTools({ question: 'why?', answer: 'so' }))).toEqual(tools)
})
