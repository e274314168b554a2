import { expect, test } from 'vitest'
import { listToolActivities } from './list-tool-activities.ts'
import { called } from '../../tests/called-tool.ts'

test('lists each call and its result; a call without a known result has none', () => {
  expect(listToolActivities([called('x'), { ...called('y'), answer: null }], 10_000)).toMatchObject([
    { activity_type: 'mcp_tool_call', activity_data: { input: { a: 1 } } },
    { activity_type: 'mcp_tool_response', activity_data: { output: 'x' }, duration_ms: 3 },
    { activity_type: 'mcp_tool_call' },
  ])
})
