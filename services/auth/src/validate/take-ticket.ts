import type { TicketAnswer } from '@omni2/contracts'
import { insertTicket, type Database } from '@omni2/db'
import { makeOpaqueToken, hashOpaqueToken } from '@omni2/passwords'
import type { ProvenLogin } from './redeem-proof.ts'

/** Takes a ticket that opens one socket in a login's name, for clients that can set no headers. */
export async function takeTicket(
  { user, login }: ProvenLogin,
  { database, ticketSeconds }: { database: Pick<Database, 'db'>; ticketSeconds: number },
): Promise<TicketAnswer> {
  const ticket = makeOpaqueToken('ticket')
  await insertTicket(
    {
      ticketHash: hashOpaqueToken(ticket),
      userId: user.id,
      sid: login.sid,
      loginEndsAt: new Date(login.expiresAt * 1000),
      seconds: ticketSeconds,
    },
    database,
  )
  return { ticket, expires_in: ticketSeconds }
}
