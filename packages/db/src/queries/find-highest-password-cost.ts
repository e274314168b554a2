import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** Highest cost among the bcrypt hashes of all users; null where there is none. */
export async function findHighestPasswordCost({ db }: Pick<Database, 'db'>): Promise<number | null> {
  const { rows } = await sql<{ cost: number | null }>`
    select max(substr(password_hash, 5, 2)::int) as cost from auth_service.users
    where password_hash ~ '^\\$2[aby]\\$[0-9]{2}\\$'
  `.execute(db)
  return rows[0]?.cost ?? null
}
