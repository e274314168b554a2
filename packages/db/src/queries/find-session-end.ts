import type { Database } from '../open-database.ts'
import { type Login, selectSid } from './select-login-state.ts'

/** When a login of a user ends at the latest; undefined for one without a row. */
export async function findSessionEnd(
  { sid, userId }: Login,
  { db }: Pick<Database, 'db'>,
): Promise<Date | undefined> {
  const session = await db
    .selectFrom('auth_service.sessions')
    .select('expires_at')
    .where('sid', '=', selectSid(sid))
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return session?.expires_at
}
