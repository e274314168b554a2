import { makeDerivedId } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** Turns deleted at once at most; the next sweep goes on. */
const turnsPerSweep = 1000

/**
 * Deletes turns that were refused before anything ran, `days` days after their end, with all that was recorded of them;
 * a turn that was ever admitted stays. One caller at a time; answers how many turns went.
 */
export function deleteRefusedTurns(
  { days }: { days: number },
  { db }: Pick<Database, 'db'>,
): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ session_id: string }>`
      select session_id from omni2.turns
      where status in ('refused', 'blocked') and not was_admitted and ended_at < now() - ${days} * interval '1 day'
        and (select pg_try_advisory_xact_lock(hashtextextended('sweep:refused', 0)))
      order by ended_at limit ${turnsPerSweep}
    `.execute(transaction)
    const ids = rows.map(({ session_id }) => session_id)
    if (ids.length > 0) await deleteTurns(ids, transaction)
    return ids.length
  })
}

/** Their activities are found by the ids that the recorder derives: such a turn has no more than its user's message. */
async function deleteTurns(ids: readonly string[], db: Database['db']): Promise<void> {
  const activities = ids.map((id) => makeDerivedId(id, 'activity:1'))
  await sql`
    with events as (delete from omni2.flow_events where session_id = any(${ids}::uuid[])),
      flows as (delete from omni2.interaction_flows where session_id = any(${ids}::uuid[])),
      audits as (delete from omni2.audit_logs where session_id = any(${ids}::uuid[])),
      messages as (delete from omni2.user_activities where activity_id = any(${activities}::uuid[]))
    delete from omni2.turns where session_id = any(${ids}::uuid[])
  `.execute(db)
}
