import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** Whether a conversation exists, is not deleted and belongs to a user. */
export async function isConversationOf(
  conversationId: string,
  userId: number,
  { db }: Pick<Database, 'db'>,
): Promise<boolean> {
  const { rows } = await sql`
    select from omni2.conversations
    where conversation_id = ${conversationId} and user_id = ${userId} and deleted_at is null
  `.execute(db)
  return rows.length > 0
}
