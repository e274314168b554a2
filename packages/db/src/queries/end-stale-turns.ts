import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import { storedTurnColumns, type StoredTurn } from './load-turn.ts'
import type { StoredTerminal } from './settle-turn.ts'

/** Turns ended at once at most; the next sweep goes on. */
const turnsPerSweep = 200

export interface StaleEnding {
  interrupted: StoredTerminal
  cancelled: StoredTerminal
}

/** A turn that is past its deadline by the clock of Postgres. */
export interface OverdueTurn {
  readonly session_id: string
  readonly user_id: number
}

/** Turns that are past their deadline and have not ended, those of the earliest deadline first. */
export async function listOverdueTurns({ db }: Pick<Database, 'db'>): Promise<OverdueTurn[]> {
  const { rows } = await sql<OverdueTurn>`
    select session_id, user_id from omni2.turns where ended_at is null and deadline_at < now()
    order by deadline_at limit ${turnsPerSweep}
  `.execute(db)
  return rows
}

/**
 * Ends those of the turns that are still past their deadline: as `cancelled` where a cancel was requested, else as `interrupted`. What
 * was reserved counts as spent, and the text recorded before their tool calls is their answer.
 */
export async function endOverdueTurns(
  turns: readonly OverdueTurn[],
  { interrupted, cancelled }: StaleEnding,
  { db }: Pick<Database, 'db'>,
): Promise<StoredTurn[]> {
  const turnIds = turns.map(({ session_id }) => session_id)
  const { rows } = await sql<StoredTurn>`
    with overdue as (
      select session_id from omni2.turns
      where session_id = any(${turnIds}::uuid[]) and ended_at is null and deadline_at < now()
      for update skip locked
    ), released as (
      delete from omni2.usage_reservations where session_id in (select session_id from overdue)
      returning session_id, amount_usd, tokens
    )
    update omni2.turns turn set
      status = case when cancel_requested_at is null then 'interrupted' else 'cancelled' end,
      result = case when cancel_requested_at is null
        then ${JSON.stringify(interrupted)}::jsonb else ${JSON.stringify(cancelled)}::jsonb end,
      answer = tool_intents ->> 'text',
      abandoned_cost_usd = turn.abandoned_cost_usd + coalesce(ending.amount_usd, 0),
      abandoned_tokens = turn.abandoned_tokens + coalesce(ending.tokens, 0),
      estimated = turn.estimated or ending.amount_usd is not null,
      was_admitted = ending.amount_usd is not null,
      attempt = greatest(attempt, 1), ended_at = clock_timestamp()
    from (select overdue.session_id as id, released.amount_usd, released.tokens from overdue left join released using (session_id)) ending
    where turn.session_id = ending.id
    returning ${storedTurnColumns}
  `.execute(db)
  return rows
}

/** Removes expired reservations whose turns have ended: of another attempt, or of a turn whose row is gone. */
export async function deleteExpiredReservations({ db }: Pick<Database, 'db'>): Promise<void> {
  await sql`
    delete from omni2.usage_reservations reservation
    where expires_at < now() and not exists (
      select from omni2.turns turn where turn.session_id = reservation.session_id and turn.ended_at is null)
  `.execute(db)
}

/**
 * Ends as `interrupted` the turns that were accepted but that no row knows `deadlineMs` milliseconds later. It looks an
 * hour back, so a sweep may miss some rounds.
 */
export async function endLostTurns(
  { interrupted }: Pick<StaleEnding, 'interrupted'>,
  { deadlineMs }: { deadlineMs: number },
  { db }: Pick<Database, 'db'>,
): Promise<StoredTurn[]> {
  const { rows } = await sql<StoredTurn>`
    insert into omni2.turns (session_id, conversation_id, user_id, source, status, attempt, result, created_at, ended_at)
    select session_id, conversation_id, user_id, source, 'interrupted', 1, ${JSON.stringify(interrupted)}::jsonb,
      occurred_at, clock_timestamp()
    from omni2.flow_events accepted
    where event_type = 'accepted'
      and recorded_at > now() - (${deadlineMs} * interval '1 ms' + interval '1 hour')
      and recorded_at < now() - ${deadlineMs} * interval '1 ms'
      and not exists (select from omni2.turns turn where turn.session_id = accepted.session_id offset 0)
    limit ${turnsPerSweep}
    on conflict (session_id) do nothing
    returning ${storedTurnColumns}
  `.execute(db)
  return rows
}

/** Ended turns of the last hour whose end is still not recorded a minute later: it is to be published again. */
export async function listUnrecordedEnds({ db }: Pick<Database, 'db'>): Promise<StoredTurn[]> {
  const { rows } = await sql<StoredTurn>`
    select ${storedTurnColumns} from omni2.turns turn
    where ended_at between now() - interval '1 hour' and now() - interval '1 minute'
      and not exists (select from omni2.audit_logs audit where audit.session_id = turn.session_id offset 0)
    order by ended_at limit ${turnsPerSweep}
  `.execute(db)
  return rows
}
