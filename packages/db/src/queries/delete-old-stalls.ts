import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** Removes stalls of turns that ended long ago: no message waits longer than a day. */
export async function deleteOldStalls({ db }: Pick<Database, 'db'>): Promise<void> {
  await sql`delete from omni2.turn_stalls where stalled_at < now() - interval '7 days'`.execute(db)
}
