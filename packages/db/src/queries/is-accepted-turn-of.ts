import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** Whether it is recorded that a user's turn was accepted, also before a worker claimed it. */
export async function isAcceptedTurnOf(
  turnId: string,
  userId: number,
  { db }: Pick<Database, 'db'>,
): Promise<boolean> {
  const { rows } = await sql`
    select from omni2.flow_events
    where session_id = ${turnId} and attempt = 0 and ordinal = 0 and user_id = ${userId}
  `.execute(db)
  return rows.length > 0
}
