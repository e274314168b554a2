import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

export interface NewSession {
  /** UUID. */
  readonly sid: string
  readonly userId: number
  readonly expiresAt: Date
}

export interface NewLogin extends NewSession {
  /** SHA-256 of the login's first refresh token. */
  readonly refreshTokenHash: Buffer
  /** When that token ends, if the login does not end before. */
  readonly refreshEndsAt: Date
  /** Hashes of the given password: a password change in the meantime ends this login too. */
  readonly passwordHashes: readonly string[]
}

/**
 * Records a login, its first refresh token and when its user was last here, in one statement. Returns false, and records
 * nothing, when the password has changed by now.
 */
export async function recordLogin(login: NewLogin, { db }: Pick<Database, 'db'>): Promise<boolean> {
  const { sid, userId, expiresAt, refreshTokenHash, refreshEndsAt, passwordHashes } = login
  const endsAt = refreshEndsAt < expiresAt ? refreshEndsAt : expiresAt
  // The lock makes a change of the password, which ends the logins that it sees, come before this or after.
  const { rows } = await sql`
    with account as (
      select id from auth_service.users
      where id = ${userId} and password_hash = any(${passwordHashes}::text[])
      for no key update
    ), session as (
      insert into auth_service.sessions (sid, user_id, expires_at)
      select ${sid}::uuid, id, ${expiresAt}::timestamptz from account
    ), refresh_token as (
      insert into auth_service.refresh_tokens (token_hash, sid, expires_at)
      select ${refreshTokenHash}::bytea, ${sid}::uuid, ${endsAt}::timestamptz from account
    )
    update auth_service.users "user" set last_login_at = current_timestamp from account
    where "user".id = account.id
    returning "user".id
  `.execute(db)
  return rows.length > 0
}
