import type { Defaulted, Instant } from './column.ts'

/** `auth_service.tickets`: each good for one socket. */
export interface Tickets {
  /** SHA-256. */
  ticket_hash: Buffer
  user_id: number
  sid: string
  /** When the login that took the ticket ends. */
  login_ends_at: Instant
  created_at: Defaulted<Instant>
  expires_at: Instant
}
