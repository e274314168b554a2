import { type Kysely, sql } from 'kysely'
import { up } from '../0011-flow-conversation-id.ts'

/**
 * Runs 0011 again where its column or index is gone although it counts as applied, and returns what was missing.
 * Looks first: altering the table takes its strongest lock, which a routine `up` must not ask of a live system.
 */
export async function restoreFlowConversationId(db: Kysely<unknown>): Promise<string[]> {
  const missing = await findMissingParts(db)
  if (missing.length > 0) await db.transaction().execute(up)
  return missing
}

/** The parts of 0011 that the database lacks, by name; all of them before it has run. */
export async function findMissingParts(db: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ part: string }>`
    select 'omni2.interaction_flows.conversation_id' as part
    where not exists (
      select from pg_attribute
      where attrelid = to_regclass('omni2.interaction_flows') and attname = 'conversation_id' and not attisdropped
    )
    union all
    select 'omni2.idx_flows_conversation_id'
    where to_regclass('omni2.idx_flows_conversation_id') is null
  `.execute(db)
  return rows.map(({ part }) => part)
}
