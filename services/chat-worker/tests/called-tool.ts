import type { CalledTool } from '../src/transcript/transcript.ts'

/** A tool call whose answer has this text. */
export const called = (content: string): CalledTool => ({
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
