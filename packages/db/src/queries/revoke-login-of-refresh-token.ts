import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** Ends the login that a refresh token belongs to, used or not, and returns it; undefined for an unknown token. */
export async function revokeLoginOfRefreshToken(
  tokenHash: Buffer,
  { db }: Pick<Database, 'db'>,
): Promise<{ sid: string; user_id: number } | undefined> {
  const { rows } = await sql<{ sid: string; user_id: number }>`
    update auth_service.sessions session
    set revoked_at = coalesce(session.revoked_at, now())
    from auth_service.refresh_tokens token
    where token.token_hash = ${tokenHash} and session.sid = token.sid
    returning session.sid, session.user_id
  `.execute(db)
  return rows[0]
}
