import type { CancelRequest, TurnStatus } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/**
 * Records that a turn is to be cancelled, also before its claim; the worker that claims or runs it reads this. Returns the
 * turn's status, undefined for an unknown turn or one of another user. If no worker claims the turn, the sweep ends it
 * after `deadlineMs` milliseconds.
 */
export async function requestCancel(
  { session_id, user_id, accepted }: CancelRequest,
  { deadlineMs }: { deadlineMs: number },
  { db }: Pick<Database, 'db'>,
): Promise<TurnStatus | undefined> {
  const { rows } = await sql<{ status: TurnStatus }>`
    insert into omni2.turns as turn (session_id, user_id, source, status, cancel_requested_at, deadline_at)
    select ${session_id}::uuid, ${user_id}, 'ws', 'queued', now(), now() + ${deadlineMs} * interval '1 ms'
    where ${accepted}
      or exists (select from omni2.turns where session_id = ${session_id} and user_id = ${user_id})
      or exists (select from omni2.flow_events
        where session_id = ${session_id} and attempt = 0 and ordinal = 0 and user_id = ${user_id})
    on conflict (session_id) do update
      set cancel_requested_at = case
        when turn.ended_at is null then coalesce(turn.cancel_requested_at, now()) else turn.cancel_requested_at end
      where turn.user_id = excluded.user_id
    returning status
  `.execute(db)
  return rows[0]?.status
}
