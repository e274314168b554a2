import { insertFlowEvents, insertTurnRecords, rebuildFlows, type Database } from '@omni2/db'
import type { FlowBatch } from './group-flows.ts'

/**
 * Writes a batch in one transaction: three statements, or two where no turn is settled. Answers how many events were
 * new. Everything in it may have been written before, by anyone, and be written again.
 */
export function writeBatch(
  batch: FlowBatch,
  { database }: { database: Pick<Database, 'db'> },
): Promise<number> {
  const { flows, settlements } = batch
  return database.db.transaction().execute(async (db) => {
    const newEvents = await insertFlowEvents(batch, { db })
    await rebuildFlows({ turnIds: flows.map(({ session_id }) => session_id), ends: settlements }, { db })
    if (settlements.length > 0) await insertTurnRecords(settlements, { db })
    return newEvents
  })
}
