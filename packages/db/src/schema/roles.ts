import type { Defaulted, Json, Nullable, Numeric, UtcTimestamp } from './column.ts'

/** `auth_service.roles` */
export interface Roles {
  id: Defaulted<number>
  name: string
  description: Nullable<string>
  /** Names of MCP servers, or `*`; empty or null = none. */
  mcp_access: Nullable<string[]>
  tool_restrictions: Nullable<Json>
  dashboard_access: Nullable<string>
  /** Requests a minute. */
  rate_limit: Nullable<number>
  /** USD a UTC day; 0 = nothing, null = no limit. */
  cost_limit_daily: Nullable<Numeric>
  /** Seconds. */
  token_expiry: Nullable<number>
  created_at: Nullable<UtcTimestamp>
  updated_at: Nullable<UtcTimestamp>
}
