import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** A turn that has an attempt and no end. */
export interface RunningTurn {
  session_id: string
  attempt: number
  is_cancel_requested: boolean
}

/** Reads those of some turns that run, with the attempt that owns each and whether its user wants no more of it. */
export async function listRunningTurns(
  sessionIds: readonly string[],
  { db }: Pick<Database, 'db'>,
): Promise<RunningTurn[]> {
  const { rows } = await sql<RunningTurn>`
    select session_id, attempt, cancel_requested_at is not null as is_cancel_requested
    from omni2.turns where session_id = any(${sessionIds}::uuid[]) and status = 'running'
  `.execute(db)
  return rows
}
