import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import { storedTurnColumns, type StoredTurn } from './load-turn.ts'
import type { StoredTerminal } from './settle-turn.ts'

/** Key of the lock that lets one worker sweep at a time. */
const sweepLock = 4_127_701

/** Turns ended by one sweep at most; the next sweep goes on. */
const turnsPerSweep = 200

/**
 * Ends as `interrupted` the turns nobody will end: past their deadline, or accepted but unknown to any row after
 * `deadlineMs` milliseconds. Returns them; nothing while another sweep runs.
 */
export async function endStaleTurns(
  stale: { deadlineMs: number; terminal: StoredTerminal },
  { db }: Pick<Database, 'db'>,
): Promise<StoredTurn[]> {
  const terminal = sql`${JSON.stringify(stale.terminal)}::jsonb`
  const { rows } = await sql<StoredTurn>`
    with leader as (select pg_try_advisory_xact_lock(${sweepLock}) as held),
    overdue as (
      update omni2.turns set status = 'interrupted', result = ${terminal}, ended_at = clock_timestamp()
      where session_id in (
        select session_id from omni2.turns, leader
        where held and ended_at is null and deadline_at < now()
        order by deadline_at limit ${turnsPerSweep} for update of turns skip locked)
      returning ${storedTurnColumns}
    ), lost as (
      insert into omni2.turns (
        session_id, conversation_id, user_id, source, status, attempt, result, created_at, ended_at)
      select session_id, conversation_id, user_id, source, 'interrupted', 1, ${terminal}, occurred_at, clock_timestamp()
      from omni2.flow_events accepted, leader
      where held and event_type = 'accepted'
        and recorded_at between now() - interval '1 day' and now() - ${stale.deadlineMs} * interval '1 ms'
        and not exists (select from omni2.turns turn where turn.session_id = accepted.session_id)
      limit ${turnsPerSweep}
      on conflict (session_id) do nothing
      returning ${storedTurnColumns}
    )
    select * from overdue union all select * from lost
  `.execute(db)
  return rows
}
