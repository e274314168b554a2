import type { ColumnType } from 'kysely'
import type { Defaulted, Instant, Numeric } from './column.ts'

/** `omni2.model_prices`: USD per million tokens. */
export interface ModelPrices {
  model: string
  input: Numeric
  output: Numeric
  cache_read: Numeric
  cache_write: Numeric
  source: string
  read_on: ColumnType<Date, string, string>
  /** False: an operator's own, which no migration changes. */
  is_shipped: Defaulted<boolean>
  updated_at: Defaulted<Instant>
}
