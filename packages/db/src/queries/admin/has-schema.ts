import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

/** Tables of the first migration and of the one that brought the Admin API. */
const neededTables = ['auth_service.users', 'auth_service.roles', 'omni2.admin_changes']

/** False where the migrations were never run, or not far enough for administration. */
export async function hasSchema({ db }: Pick<Database, 'db'>): Promise<boolean> {
  const { rows } = await sql<{ is_there: boolean }>`
    select bool_and(to_regclass(needed) is not null) as is_there from unnest(${neededTables}::text[]) needed
  `.execute(db)
  return rows[0]?.is_there === true
}
