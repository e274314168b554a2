import type { Database } from '../open-database.ts'

/** Replaces a user's hash with another one of the same password, unless the password was changed meanwhile. */
export async function replacePasswordHash(
  { userId, from, to }: { userId: number; from: string; to: string },
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await db
    .updateTable('auth_service.users')
    .set({ password_hash: to })
    .where('id', '=', userId)
    .where('password_hash', '=', from)
    .execute()
}
