import type { Defaulted, Instant, Nullable } from './column.ts'

/** `auth_service.refresh_tokens`: the tokens of a login, one after the other. */
export interface RefreshTokens {
  /** SHA-256. */
  token_hash: Buffer
  sid: string
  created_at: Defaulted<Instant>
  expires_at: Instant
  used_at: Nullable<Instant>
}
