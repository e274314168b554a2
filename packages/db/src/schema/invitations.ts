import type { Defaulted, Instant } from './column.ts'

/** `auth_service.invitations`: each good for one password of its account. */
export interface Invitations {
  user_id: number
  /** SHA-256. */
  token_hash: Buffer
  /** The operator's id. */
  invited_by: number
  created_at: Defaulted<Instant>
  expires_at: Instant
}
