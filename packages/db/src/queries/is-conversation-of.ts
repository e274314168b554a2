import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/**
 * Whether a conversation belongs to a user and is not deleted. Its row is made by the first claim; before that only the
 * recorded `accepted` of its first turn shows whose it is.
 */
export async function isConversationOf(
  conversationId: string,
  userId: number,
  { db }: Pick<Database, 'db'>,
): Promise<boolean> {
  const { rows } = await sql<{ is_theirs: boolean }>`
    select coalesce(
      (select user_id = ${userId} and deleted_at is null
        from omni2.conversations where conversation_id = ${conversationId}),
      exists (select from omni2.interaction_flows
        where conversation_id = ${conversationId} and user_id = ${userId})) as is_theirs
  `.execute(db)
  return rows[0]?.is_theirs ?? false
}
