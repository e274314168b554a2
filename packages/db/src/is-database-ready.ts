import { sql } from 'kysely'
import type { Database } from './open-database.ts'

/** True when a statement gets its answer now; never throws, bounded by the pool's own timeouts. */
export async function isDatabaseReady({ db }: Pick<Database, 'db'>): Promise<boolean> {
  try {
    await sql`select 1`.execute(db)
    return true
  } catch {
    return false
  }
}
