import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** A running turn whose message can be returned to the queue. */
export interface ClaimedMessage {
  session_id: string
  user_id: number
  attempt: number
  worker: string
}

/** At most so many turns are read at once; the others are found by the next reading. */
const mostTurns = 1000

/** Reads the turns that these workers, or all of them, run, if their messages can be returned. */
export async function listTurnsOfWorkers(
  workers: readonly string[] | 'all',
  { db }: Pick<Database, 'db'>,
): Promise<ClaimedMessage[]> {
  const named = workers === 'all' ? sql`true` : sql`claimed_by = any(${workers}::text[])`
  const { rows } = await sql<ClaimedMessage>`
    select session_id, user_id, attempt, claimed_by as worker from omni2.turns
    where status = 'running' and ack_subject is not null and claimed_by is not null and ${named}
    limit ${mostTurns}
  `.execute(db)
  return rows
}
