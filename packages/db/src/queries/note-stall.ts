import type { Database } from '../open-database.ts'

/** Records that the work on a turn stopped the event loop of a worker. */
export async function noteStall(
  { turnId, worker }: { turnId: string; worker: string },
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await db.insertInto('omni2.turn_stalls').values({ session_id: turnId, worker }).execute()
}
