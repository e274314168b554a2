import type { Defaulted, Instant, Nullable } from './column.ts'

/** `auth_service.sessions`: one row a login. */
export interface Sessions {
  sid: string
  user_id: number
  created_at: Defaulted<Instant>
  expires_at: Instant
  revoked_at: Nullable<Instant>
}
