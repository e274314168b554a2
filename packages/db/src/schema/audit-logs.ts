import type { Defaulted, Json, Nullable, Numeric, UtcTimestamp } from './column.ts'

/** `omni2.audit_logs`: one row a turn; rows of the older system have no session_id. */
export interface AuditLogs {
  id: Defaulted<number>
  user_id: Nullable<number>
  timestamp: Nullable<UtcTimestamp>
  question: string
  mcp_target: Nullable<string>
  tool_called: Nullable<string>
  tool_params: Nullable<Json>
  success: boolean
  duration_ms: Nullable<number>
  result_summary: Nullable<string>
  error_message: Nullable<string>
  llm_tokens_used: Nullable<number>
  ip_address: Nullable<string>
  user_agent: Nullable<string>
  was_blocked: Nullable<boolean>
  block_reason: Nullable<string>
  session_id: Nullable<string>
  conversation_id: Nullable<string>
  model: Nullable<string>
  outcome: Nullable<string>
  /** Everything the model read, cached included. */
  tokens_input: Nullable<number>
  tokens_output: Nullable<number>
  tokens_cached: Nullable<number>
  cost_usd: Nullable<Numeric>
  estimated: Defaulted<boolean>
}
