import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

/** The number of a user's current logins. */
export async function countLogins(userId: number, { db }: Pick<Database, 'db'>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from auth_service.sessions
    where user_id = ${userId} and revoked_at is null and expires_at > now()
  `.execute(db)
  return rows[0]?.count ?? 0
}

/** Ends every current login of a user, and the tickets of these logins. */
export async function revokeLogins(userId: number, { db }: Pick<Database, 'db'>): Promise<void> {
  await sql`
    update auth_service.sessions set revoked_at = now() where user_id = ${userId} and revoked_at is null
  `.execute(db)
  await sql`delete from auth_service.tickets where user_id = ${userId}`.execute(db)
}
