import type { Activity } from '@omni2/contracts'
import type { CalledTool } from './said.ts'

/** Bytes of one turn's tool activities; it travels in one message, whose stream takes 4 MiB. */
const longestBytes = 2.5 * 1024 * 1024
const leftOut = '(left out: the texts of this turn are too long for one record)'

/** What a turn did with tools, in order and whole: each call, and where it is known, its result. */
export function listToolActivities(tools: readonly CalledTool[]): Activity[] {
  let left = longestBytes
  const keep = (value: unknown): unknown => {
    left -= Buffer.byteLength(JSON.stringify(value))
    return left < 0 ? leftOut : value
  }
  return tools.flatMap(({ call_id, mcp, tool, input, called_at, answer }): Activity[] => {
    const named = { call_id, mcp, tool }
    const asked: Activity = {
      activity_type: 'mcp_tool_call',
      activity_data: { ...named, input: keep(input) },
      duration_ms: null,
      created_at: called_at,
    }
    if (!answer) return [asked]
    const { status, rule, content, duration_ms, answered_at } = answer
    const answered: Activity = {
      activity_type: 'mcp_tool_response',
      activity_data: { ...named, status, rule, output: keep(content) },
      duration_ms,
      created_at: answered_at,
    }
    return [asked, answered]
  })
}
