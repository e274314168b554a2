import type { Defaulted, Instant } from './column.ts'

/** `omni2.monitored_users`: whose events operators may follow live, until when. */
export interface MonitoredUsers {
  user_id: number
  started_by: number
  started_at: Defaulted<Instant>
  expires_at: Instant
}
