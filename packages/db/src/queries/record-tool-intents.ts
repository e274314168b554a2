import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

interface Intents {
  session_id: string
  attempt: number
  /** What is about to be called, and what is known of the turn until then. */
  intents: object
}

/**
 * Records that an attempt is about to make tool calls that must not be repeated. Returns undefined when another attempt
 * owns the turn: then the calls must not be made. Otherwise returns whether the turn is to be cancelled.
 */
export async function recordToolIntents(
  { session_id, attempt, intents }: Intents,
  { db }: Pick<Database, 'db'>,
): Promise<{ isCancelRequested: boolean } | undefined> {
  const { rows } = await sql<{ cancel_requested_at: Date | null }>`
    update omni2.turns set tool_intents = ${JSON.stringify(intents)}::jsonb
    where session_id = ${session_id} and attempt = ${attempt} and status = 'running'
    returning cancel_requested_at
  `.execute(db)
  const [row] = rows
  return row && { isCancelRequested: row.cancel_requested_at !== null }
}
