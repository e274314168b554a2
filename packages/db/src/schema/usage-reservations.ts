import type { Defaulted, Instant, Numeric } from './column.ts'

/** `omni2.usage_reservations`: what a running turn may still spend. */
export interface UsageReservations {
  session_id: string
  attempt: number
  user_id: number
  amount_usd: Numeric
  tokens: number
  expires_at: Instant
  created_at: Defaulted<Instant>
}
