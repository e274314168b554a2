import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

/**
 * Keeps only the id of an account, inactive and under another username, so that references to it stay valid; deletes its
 * settings.
 */
export async function anonymizeAccount(
  userId: number,
  username: string,
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    update auth_service.users set username = ${username}, name = 'Deleted user', email = null, role_id = null,
      password_hash = null, api_key_hash = null, active = false, rate_limit_override = null, updated_at = now()
    where id = ${userId}
  `.execute(db)
  await sql`delete from omni2.user_usage_limits where user_id = ${userId}`.execute(db)
  await sql`delete from auth_service.invitations where user_id = ${userId}`.execute(db)
  await sql`delete from omni2.user_blocks where user_id = ${userId}`.execute(db)
  await sql`delete from omni2.monitored_users where user_id = ${userId}`.execute(db)
  await sql`
    delete from omni2.chat_welcome_config where config_type = 'user' and target_id = ${userId}
  `.execute(db)
}
