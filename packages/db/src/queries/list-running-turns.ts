import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** A turn that has an attempt and no end. */
export interface RunningTurn {
  session_id: string
  attempt: number
  is_cancel_requested: boolean
}

/** Reads which of these turns run, the attempt that owns each, and whether its cancel was requested. */
export async function listRunningTurns(
  turnIds: readonly string[],
  { db }: Pick<Database, 'db'>,
): Promise<RunningTurn[]> {
  const { rows } = await sql<RunningTurn>`
    select session_id, attempt, cancel_requested_at is not null as is_cancel_requested
    from omni2.turns where session_id = any(${turnIds}::uuid[]) and status = 'running'
  `.execute(db)
  return rows
}
