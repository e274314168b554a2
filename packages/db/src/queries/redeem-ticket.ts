import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import type { SessionUser } from './load-session-user.ts'
import { selectLoginStateOf } from './select-login-state.ts'

/** A ticket, gone now, and the user and login it was taken by. */
export interface RedeemedTicket extends SessionUser {
  readonly sid: string
  readonly login_ends_at: Date
  readonly is_over: boolean
}

/**
 * Takes a ticket away and returns whose it was, in one statement: of several that present the same one, one gets it.
 * Undefined when there is none, or its user is gone.
 */
export async function redeemTicket(
  ticketHash: Buffer,
  { db }: Pick<Database, 'db'>,
): Promise<RedeemedTicket | undefined> {
  const state = selectLoginStateOf({ sid: sql.ref('ticket.sid'), userId: sql.ref('ticket.user_id') })
  const { rows } = await sql<RedeemedTicket>`
    with ticket as (delete from auth_service.tickets where ticket_hash = ${ticketHash} returning *)
    select ticket.sid, ticket.login_ends_at, ticket.expires_at <= now() as is_over,
      account.id, account.username, account.active, role.name as role_name, ${state} as login_state
    from ticket
    join auth_service.users account on account.id = ticket.user_id
    left join auth_service.roles role on role.id = account.role_id
  `.execute(db)
  return rows[0]
}
