import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** The session_id of the turn that runs in a conversation, null where none does. */
export async function findRunningTurn(
  conversationId: string,
  { db }: Pick<Database, 'db'>,
): Promise<string | null> {
  const { rows } = await sql<{ session_id: string }>`
    select session_id from omni2.turns where conversation_id = ${conversationId} and status = 'running'
  `.execute(db)
  return rows[0]?.session_id ?? null
}
