import type { Json, Nullable, UtcTimestamp } from './column.ts'

/** `omni2.interaction_flows`: one row a turn, its events in `flow_data`. */
export interface InteractionFlows {
  session_id: string
  user_id: number
  /** Null: came over SSE, or from the older system. */
  conversation_id: Nullable<string>
  flow_data: Json
  created_at: Nullable<UtcTimestamp>
  completed_at: Nullable<UtcTimestamp>
  /** `ws`, `sse`; `chat`, `mcp_gateway` in rows of the older system. */
  source: Nullable<string>
  status: Nullable<string>
}
