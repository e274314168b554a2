import { shippedPrices } from '@omni2/contracts'
import { type Kysely, sql } from 'kysely'

/**
 * Brings the prices that this version ships, and returns the models whose price is new or another. An operator's own
 * price stays, and so does a shipped one that was read later.
 */
export async function fillShippedPrices(db: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ model: string }>`
    insert into omni2.model_prices as stored
      (model, input, output, cache_read, cache_write, source, read_on, is_shipped)
    select model, input, output, cache_read, cache_write, source, read_on, true
    from jsonb_to_recordset(${JSON.stringify(shippedPrices)}::jsonb) as shipped
      (model text, input numeric, output numeric, cache_read numeric, cache_write numeric, source text, read_on date)
    on conflict (model) do update set
      input = excluded.input, output = excluded.output, cache_read = excluded.cache_read,
      cache_write = excluded.cache_write, source = excluded.source, read_on = excluded.read_on, updated_at = now()
    where stored.is_shipped and excluded.read_on >= stored.read_on
      and (stored.input, stored.output, stored.cache_read, stored.cache_write, stored.source, stored.read_on)
        is distinct from
        (excluded.input, excluded.output, excluded.cache_read, excluded.cache_write, excluded.source, excluded.read_on)
    returning model
  `.execute(db)
  return rows.map(({ model }) => model)
}
