import type { Database, NewSession } from '../src/index.ts'

/** Records a login. */
export async function insertSession(session: NewSession, { db }: Pick<Database, 'db'>): Promise<void> {
  const { sid, userId, expiresAt } = session
  await db
    .insertInto('auth_service.sessions')
    .values({ sid, user_id: userId, expires_at: expiresAt })
    .execute()
}
