import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import type { NewSession } from './insert-session.ts'

/** Records a login and when its user was last here, in one statement. */
export async function recordLogin(session: NewSession, { db }: Pick<Database, 'db'>): Promise<void> {
  const { sid, userId, expiresAt } = session
  await db
    .with('session', (open) =>
      open.insertInto('auth_service.sessions').values({ sid, user_id: userId, expires_at: expiresAt }),
    )
    .updateTable('auth_service.users')
    .set({ last_login_at: sql`current_timestamp` })
    .where('id', '=', userId)
    .execute()
}
