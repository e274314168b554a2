import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** A refresh token that cannot be used, and why. */
export interface RefusedRefreshToken {
  readonly sid: string
  readonly user_id: number
  readonly was_used: boolean
  readonly was_revoked: boolean
  /** This statement ended the login, because the token had been used before; true for one of several at once. */
  readonly has_revoked: boolean
}

/** Ends the login of a refresh token that was used before, and returns what is known of the token; undefined for an unknown one. */
export async function revokeReusedLogin(
  tokenHash: Buffer,
  { db }: Pick<Database, 'db'>,
): Promise<RefusedRefreshToken | undefined> {
  const { rows } = await sql<RefusedRefreshToken>`
    with presented as (
      select sid, used_at is not null as was_used from auth_service.refresh_tokens where token_hash = ${tokenHash}
    ), revoked as (
      update auth_service.sessions session
      set revoked_at = now()
      from presented
      where session.sid = presented.sid and presented.was_used and session.revoked_at is null
      returning session.sid
    )
    select session.sid, session.user_id, presented.was_used, session.revoked_at is not null as was_revoked,
      exists (select from revoked) as has_revoked
    from presented join auth_service.sessions session using (sid)
  `.execute(db)
  return rows[0]
}
