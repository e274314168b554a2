import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

export interface RefreshTokenRotation {
  /** SHA-256 of the token that was presented. */
  readonly presentedHash: Buffer
  readonly successorHash: Buffer
  /** Life of the successor in seconds, if the login does not end before. */
  readonly successorSeconds: number
  /** How long after its use the token may be presented again, in seconds; 0: not at all. */
  readonly repeatSeconds: number
}

/** The login that goes on, with its user as of now. */
export interface RefreshedLogin {
  readonly sid: string
  readonly id: number
  readonly username: string
  /** Null for a user without a role. */
  readonly role_name: string | null
  /** Seconds; null where role or value is missing. */
  readonly token_expiry: number | null
  readonly session_ends_at: Date
}

/**
 * Uses up a refresh token and stores its successor, in one statement. Of several that present the same token one gets
 * the login; undefined for the others, and for a token that is unknown, used, over, or of a login that has ended. A token
 * that may be presented again gets a further successor each time; the first use of one of them uses up all.
 */
export async function rotateRefreshToken(
  { presentedHash, successorHash, successorSeconds, repeatSeconds }: RefreshTokenRotation,
  { db }: Pick<Database, 'db'>,
): Promise<RefreshedLogin | undefined> {
  const { rows } = await sql<RefreshedLogin>`
    with login as (
      select token.sid, token.used_at, account.id, account.username, role.name as role_name, role.token_expiry,
        session.expires_at as session_ends_at
      from auth_service.refresh_tokens token
      join auth_service.sessions session using (sid)
      join auth_service.users account on account.id = session.user_id
      left join auth_service.roles role on role.id = account.role_id
      where token.token_hash = ${presentedHash} and token.expires_at > now()
        and (token.used_at is null or token.used_at > now() - make_interval(secs => ${repeatSeconds}))
        and session.revoked_at is null and session.expires_at > now()
    ), used as (
      update auth_service.refresh_tokens token
      set used_at = now()
      from login
      where token.sid = login.sid and login.used_at is null and token.used_at is null
      returning token.token_hash
    ), renewed as (
      select * from login
      where ${repeatSeconds}::float8 > 0 or exists (select from used where token_hash = ${presentedHash})
    ), successor as (
      insert into auth_service.refresh_tokens (token_hash, sid, expires_at)
      select ${successorHash}::bytea, sid, least(now() + make_interval(secs => ${successorSeconds}), session_ends_at)
      from renewed
    )
    select sid, id, username, role_name, token_expiry, session_ends_at from renewed
  `.execute(db)
  return rows[0]
}
