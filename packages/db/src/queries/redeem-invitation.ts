import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** An account that got its password, and the logins that ended with the one before. */
export interface RedeemedInvitation {
  readonly username: string
  /** UUIDs. */
  readonly ended: readonly string[]
}

/** The id of the account that an invitation is good for now; undefined when it is unknown, used or over. */
export async function findInvited(
  tokenHash: Buffer,
  { db }: Pick<Database, 'db'>,
): Promise<number | undefined> {
  const { rows } = await sql<{ user_id: number }>`
    select user_id from auth_service.invitations where token_hash = ${tokenHash} and expires_at > now()
  `.execute(db)
  return rows[0]?.user_id
}

/**
 * Uses an invitation up: its account gets the password, and every login that it had ends. Of several that present the
 * same invitation one succeeds; undefined for the others, and when it is unknown or over. To be called in a transaction:
 * a login that is being recorded comes before, and ends here, or finds another password.
 */
export async function redeemInvitation(
  { tokenHash, passwordHash }: { readonly tokenHash: Buffer; readonly passwordHash: string },
  { db }: Pick<Database, 'db'>,
): Promise<RedeemedInvitation | undefined> {
  const { rows } = await sql<{ id: number; username: string }>`
    with invitation as (
      delete from auth_service.invitations where token_hash = ${tokenHash} returning user_id, expires_at
    )
    update auth_service.users account set password_hash = ${passwordHash}, updated_at = now()
    from invitation where account.id = invitation.user_id and invitation.expires_at > now()
    returning account.id, account.username
  `.execute(db)
  const [account] = rows
  if (!account) return undefined
  const ended = await sql<{ sid: string }>`
    update auth_service.sessions set revoked_at = now()
    where user_id = ${account.id} and revoked_at is null returning sid
  `.execute(db)
  await sql`delete from auth_service.tickets where user_id = ${account.id}`.execute(db)
  return { username: account.username, ended: ended.rows.map(({ sid }) => sid) }
}
