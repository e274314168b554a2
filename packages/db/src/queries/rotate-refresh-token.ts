import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

export interface RefreshTokenRotation {
  /** SHA-256 of the token that was presented. */
  readonly presentedHash: Buffer
  readonly successorHash: Buffer
  /** Life of the successor in seconds, if the login does not end before. */
  readonly successorSeconds: number
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
 * the login; undefined for the others, and for a token that is unknown, used, over, or of a login that has ended.
 */
export async function rotateRefreshToken(
  { presentedHash, successorHash, successorSeconds }: RefreshTokenRotation,
  { db }: Pick<Database, 'db'>,
): Promise<RefreshedLogin | undefined> {
  const { rows } = await sql<RefreshedLogin>`
    with used as (
      update auth_service.refresh_tokens token
      set used_at = now()
      from auth_service.sessions session
      join auth_service.users account on account.id = session.user_id
      left join auth_service.roles role on role.id = account.role_id
      where token.token_hash = ${presentedHash} and token.used_at is null and token.expires_at > now()
        and session.sid = token.sid and session.revoked_at is null and session.expires_at > now()
      returning token.sid, account.id, account.username, role.name as role_name, role.token_expiry,
        session.expires_at as session_ends_at
    ), successor as (
      insert into auth_service.refresh_tokens (token_hash, sid, expires_at)
      select ${successorHash}::bytea, sid, least(now() + make_interval(secs => ${successorSeconds}), session_ends_at)
      from used
    )
    select * from used
  `.execute(db)
  return rows[0]
}
