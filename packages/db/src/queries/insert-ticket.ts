import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

export interface NewTicket {
  /** SHA-256. */
  readonly ticketHash: Buffer
  readonly userId: number
  /** UUID. */
  readonly sid: string
  /** When the login that takes the ticket ends. */
  readonly loginEndsAt: Date
  /** Life of the ticket in seconds. */
  readonly seconds: number
}

/** Stores a ticket for one socket of a login. */
export async function insertTicket(ticket: NewTicket, { db }: Pick<Database, 'db'>): Promise<void> {
  const { ticketHash, userId, sid, loginEndsAt, seconds } = ticket
  await sql`
    insert into auth_service.tickets (ticket_hash, user_id, sid, login_ends_at, expires_at)
    values (${ticketHash}, ${userId}, ${sid}, ${loginEndsAt}, now() + make_interval(secs => ${seconds}))
  `.execute(db)
}
