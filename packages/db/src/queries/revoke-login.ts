import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import type { NewSession } from './record-login.ts'

/** Ends a login. A token from elsewhere has no row: it gets one that marks it as ended until the token expires. */
export async function revokeLogin(login: NewSession, { db }: Pick<Database, 'db'>): Promise<void> {
  const { sid, userId, expiresAt } = login
  await sql`
    insert into auth_service.sessions (sid, user_id, expires_at, revoked_at)
    values (${sid}, ${userId}, ${expiresAt}, now())
    on conflict (sid) do update set revoked_at = coalesce(sessions.revoked_at, now())
    where sessions.user_id = excluded.user_id
  `.execute(db)
}
