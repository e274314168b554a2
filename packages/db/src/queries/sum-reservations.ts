import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** How many reservations there are, and what they hold together, in USD. */
export async function sumReservations({
  db,
}: Pick<Database, 'db'>): Promise<{ count: number; amount_usd: number }> {
  const { rows } = await sql<{ count: number; amount_usd: number }>`
    select count(*)::int as count, coalesce(sum(amount_usd), 0)::float8 as amount_usd
    from omni2.usage_reservations
  `.execute(db)
  return rows[0] ?? { count: 0, amount_usd: 0 }
}
