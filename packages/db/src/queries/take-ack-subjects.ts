import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/**
 * Takes the subjects on which the messages of these attempts are acknowledged out of their rows. Each is taken once, so
 * that of all workers that notice a death only one returns a message to the queue.
 */
export async function takeAckSubjects(
  attempts: readonly { session_id: string; attempt: number }[],
  { db }: Pick<Database, 'db'>,
): Promise<string[]> {
  const turnIds = attempts.map(({ session_id }) => session_id)
  const numbers = attempts.map(({ attempt }) => attempt)
  const { rows } = await sql<{ ack_subject: string }>`
    with dead as (
      select turn.session_id, turn.ack_subject
      from omni2.turns turn
      join unnest(${turnIds}::uuid[], ${numbers}::int[]) as gone(session_id, attempt) using (session_id, attempt)
      where turn.status = 'running' and turn.ack_subject is not null
      order by turn.session_id
      for update of turn skip locked
    )
    update omni2.turns turn set ack_subject = null
    from dead where turn.session_id = dead.session_id
    returning dead.ack_subject
  `.execute(db)
  return rows.map(({ ack_subject }) => ack_subject)
}
