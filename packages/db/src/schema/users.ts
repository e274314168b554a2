import type { Defaulted, Nullable, UtcTimestamp } from './column.ts'

/** `auth_service.users` */
export interface Users {
  id: Defaulted<number>
  username: string
  name: string
  email: Nullable<string>
  role_id: Nullable<number>
  /** bcrypt. */
  password_hash: Nullable<string>
  api_key_hash: Nullable<string>
  active: Defaulted<boolean>
  /** Requests a minute, before the role's. */
  rate_limit_override: Nullable<number>
  last_login_at: Nullable<UtcTimestamp>
  created_at: Nullable<UtcTimestamp>
  updated_at: Nullable<UtcTimestamp>
}
