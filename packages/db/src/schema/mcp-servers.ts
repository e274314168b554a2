import type { Defaulted, Json, Nullable, UtcTimestamp } from './column.ts'

/** `omni2.mcp_servers` */
export interface McpServers {
  id: Defaulted<number>
  name: string
  url: string
  description: Nullable<string>
  status: Nullable<string>
  protocol: Nullable<string>
  timeout_seconds: Nullable<number>
  max_retries: Nullable<number>
  retry_delay_seconds: Nullable<number>
  auth_type: Nullable<string>
  auth_config: Nullable<Json>
  last_health_check: Nullable<UtcTimestamp>
  health_status: Nullable<string>
  error_count: Nullable<number>
  created_at: Nullable<UtcTimestamp>
  updated_at: Nullable<UtcTimestamp>
}
