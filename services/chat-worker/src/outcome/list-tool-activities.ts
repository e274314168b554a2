import type { Activity } from '@omni2/contracts'
import { capToolTexts } from '../transcript/cap-tool-texts.ts'
import type { CalledTool } from '../transcript/transcript.ts'

/** The tool activities of a turn, in order: each call, and its result if it is known. Texts have at most `bytes`. */
export function listToolActivities(tools: readonly CalledTool[], bytes: number): Activity[] {
  return capToolTexts(tools, bytes).flatMap(
    ({ call_id, mcp, tool, input, called_at, answer }): Activity[] => {
      const named = { call_id, mcp, tool }
      const asked: Activity = {
        activity_type: 'mcp_tool_call',
        activity_data: { ...named, input },
        duration_ms: null,
        created_at: called_at,
      }
      if (!answer) return [asked]
      const { status, rule, content, duration_ms, answered_at } = answer
      const answered: Activity = {
        activity_type: 'mcp_tool_response',
        activity_data: { ...named, status, rule, output: content },
        duration_ms,
        created_at: answered_at,
      }
      return [asked, answered]
    },
  )
}
