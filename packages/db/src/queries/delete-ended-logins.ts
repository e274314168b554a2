import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/**
 * Deletes expired tickets and invitations, and logins with their refresh tokens a day after their end: until then a verifier whose
 * clock is behind still finds a revoked one revoked. Returns how many of both.
 */
export async function deleteEndedLogins({ db }: Pick<Database, 'db'>): Promise<{
  logins: number
  tickets: number
}> {
  const { rows } = await sql<{ logins: number; tickets: number }>`
    with ended as (delete from auth_service.sessions where expires_at < now() - interval '1 day' returning 1),
      over as (delete from auth_service.tickets where expires_at < now() returning 1),
      unused as (delete from auth_service.invitations where expires_at < now())
    select (select count(*)::int from ended) as logins, (select count(*)::int from over) as tickets
  `.execute(db)
  return rows[0] ?? { logins: 0, tickets: 0 }
}
