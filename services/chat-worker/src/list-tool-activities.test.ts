import { expect, test } from 'vitest'
import { listToolActivities } from './list-tool-activities.ts'
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

test('lists each call and its result; one whose result nobody knows has none', () => {
  expect(listToolActivities([called('x'), { ...called('y'), answer: null }])).toMatchObject([
    { activity_type: 'mcp_tool_call', activity_data: { input: { a: 1 } } },
    { activity_type: 'mcp_tool_response', activity_data: { output: 'x' }, duration_ms: 3 },
    { activity_type: 'mcp_tool_call' },
  ])
})

test('stays below what one message takes, and says what is missing', () => {
  const activities = listToolActivities(Array.from({ length: 5 }, () => called('é'.repeat(400_000))))
  expect(Buffer.byteLength(JSON.stringify(activities))).toBeLessThan(3 * 1024 * 1024)
  expect(activities.at(1)?.activity_data['output']).toHaveLength(400_000)
  expect(activities.at(-1)?.activity_data['output']).toMatch(/left out/)
})
