import type { ModelPrice } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** What a model costs; undefined: it has no price. */
export async function loadModelPrice(
  model: string,
  { db }: Pick<Database, 'db'>,
): Promise<StoredPrice | undefined> {
  return (await sql<StoredPrice>`${selectPrices} where model = ${model}`.execute(db)).rows[0]
}

/** A price as it is stored. */
export interface StoredPrice extends ModelPrice {
  /** False: an operator's own, which no migration changes. */
  readonly is_shipped: boolean
  readonly updated_at: Date
}

/** SQL of every column, amounts as numbers. */
export const selectPrices = sql`
  select model, input::float8, output::float8, cache_read::float8, cache_write::float8, source,
    to_char(read_on, 'YYYY-MM-DD') as read_on, is_shipped, updated_at
  from omni2.model_prices`
