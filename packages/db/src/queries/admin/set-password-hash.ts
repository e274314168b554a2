import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

/** Gives an account another password, by its bcrypt hash; an invitation to set one is void. */
export async function setPasswordHash(
  { userId, passwordHash }: { userId: number; passwordHash: string },
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    update auth_service.users set password_hash = ${passwordHash}, updated_at = now() where id = ${userId}
  `.execute(db)
  await sql`delete from auth_service.invitations where user_id = ${userId}`.execute(db)
}
