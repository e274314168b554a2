import type { ModelPrice } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'
import { selectPrices, type StoredPrice } from '../load-model-price.ts'

/** Every price by model; deployments have few. */
export async function listModelPrices({ db }: Pick<Database, 'db'>): Promise<StoredPrice[]> {
  return (await sql<StoredPrice>`${selectPrices} order by model limit 1000`.execute(db)).rows
}

/** Sets what a model costs, as an operator's own price. */
export async function saveModelPrice(price: ModelPrice, { db }: Pick<Database, 'db'>): Promise<void> {
  await sql`
    insert into omni2.model_prices (model, input, output, cache_read, cache_write, source, read_on, is_shipped)
    values (${price.model}, ${price.input}, ${price.output}, ${price.cache_read}, ${price.cache_write},
      ${price.source}, ${price.read_on}, false)
    on conflict (model) do update set
      input = excluded.input, output = excluded.output, cache_read = excluded.cache_read,
      cache_write = excluded.cache_write, source = excluded.source, read_on = excluded.read_on,
      is_shipped = false, updated_at = now()
  `.execute(db)
}

/** Takes a price away. */
export async function deleteModelPrice(model: string, { db }: Pick<Database, 'db'>): Promise<void> {
  await sql`delete from omni2.model_prices where model = ${model}`.execute(db)
}
