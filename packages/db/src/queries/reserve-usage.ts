import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** What an attempt may spend at most. */
export interface Reservation {
  session_id: string
  attempt: number
  /** USD, 8 decimals. */
  amount_usd: number
  tokens: number
}

/**
 * Reserves what a claimed attempt may spend, in the claim's transaction; it expires `lifetimeMs` milliseconds from now.
 * An earlier attempt may have spent what it reserved: that is charged to the turn.
 */
export async function reserveUsage(
  { session_id, attempt, amount_usd, tokens }: Reservation,
  { userId, lifetimeMs }: { userId: number; lifetimeMs: number },
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    with charged as (
      update omni2.turns turn set
        abandoned_cost_usd = turn.abandoned_cost_usd + dead.amount_usd,
        abandoned_tokens = turn.abandoned_tokens + dead.tokens
      from omni2.usage_reservations dead
      where turn.session_id = ${session_id} and dead.session_id = turn.session_id and dead.attempt < ${attempt}
    )
    insert into omni2.usage_reservations as reservation
      (session_id, attempt, user_id, amount_usd, tokens, expires_at)
    values (${session_id}, ${attempt}, ${userId}, ${amount_usd}, ${tokens},
      clock_timestamp() + ${lifetimeMs} * interval '1 ms')
    on conflict (session_id) do update set
      attempt = excluded.attempt, amount_usd = excluded.amount_usd, tokens = excluded.tokens,
      expires_at = excluded.expires_at, created_at = excluded.created_at
  `.execute(db)
}

/** Changes what a running attempt has reserved; false when a newer attempt or an end came first. */
export async function renewReservation(
  { session_id, attempt, amount_usd, tokens }: Reservation,
  { db }: Pick<Database, 'db'>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update omni2.usage_reservations set amount_usd = ${amount_usd}, tokens = ${tokens}
    where session_id = ${session_id} and attempt = ${attempt}
  `.execute(db)
  return numAffectedRows === 1n
}
