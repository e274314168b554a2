import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

/** That a person may set the password of an account; the token itself is kept nowhere. */
export interface Invitation {
  readonly expires_at: Date
  readonly created_at: Date
  /** The operator's id. */
  readonly invited_by: number
}

interface NewInvitation {
  readonly userId: number
  /** SHA-256. */
  readonly tokenHash: Buffer
  readonly invitedBy: number
  /** How long it is good, in seconds. */
  readonly seconds: number
}

/** The invitation of an account that can still be used; undefined when there is none. */
export async function loadInvitation(
  userId: number,
  { db }: Pick<Database, 'db'>,
): Promise<Invitation | undefined> {
  const { rows } = await sql<Invitation>`
    select expires_at, created_at, invited_by from auth_service.invitations
    where user_id = ${userId} and expires_at > now()
  `.execute(db)
  return rows[0]
}

/** Gives an account an invitation in place of the one that it had. */
export async function putInvitation(
  { userId, tokenHash, invitedBy, seconds }: NewInvitation,
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    insert into auth_service.invitations (user_id, token_hash, invited_by, expires_at)
    values (${userId}, ${tokenHash}, ${invitedBy}, now() + make_interval(secs => ${seconds}))
    on conflict (user_id) do update set token_hash = excluded.token_hash, invited_by = excluded.invited_by,
      created_at = excluded.created_at, expires_at = excluded.expires_at
  `.execute(db)
}

/** Takes the invitation of an account back, if there is one. */
export async function deleteInvitation(userId: number, { db }: Pick<Database, 'db'>): Promise<void> {
  await sql`delete from auth_service.invitations where user_id = ${userId}`.execute(db)
}
