/** What a model costs: USD per million tokens. */
export interface ModelPrice<Model extends string = string> {
  readonly model: Model
  readonly input: number
  readonly output: number
  readonly cache_read: number
  /** Writing to the five-minute cache. */
  readonly cache_write: number
  /** Where the price was read. */
  readonly source: string
  /** The day it was read. */
  readonly read_on: string
}

const published = 'https://platform.claude.com/docs/en/about-claude/pricing'
const read_on = '2026-11-27'

/** A published price, in the order of the page's columns. */
const price = <const Model extends string>(
  model: Model,
  [input, cache_write, cache_read, output]: readonly [number, number, number, number],
  source = published,
): ModelPrice<Model> => ({ model, input, output, cache_read, cache_write, source, read_on })

/**
 * Prices from a migration; the prices that an operator sets take precedence. A model whose price depends on the length
 * of the prompt, such as claude-haiku-5-5, has no row: one price would be wrong for some of its turns.
 */
export const shippedPrices = [
  price('claude-fable-5-2', [8, 10, 0.2, 40], `${published}, as price lists of 2026-11-10 quote it`),
  price('claude-fable-5-1', [10, 12.5, 0.25, 50]),
  price('claude-fable-5', [10, 12.5, 1, 50]),
  price('claude-opus-5-5', [4, 5, 0.2, 20]),
  price('claude-opus-5', [5, 6.25, 0.5, 25]),
  price('claude-opus-4-8', [5, 6.25, 0.5, 25]),
  price('claude-opus-4-7', [5, 6.25, 0.5, 25]),
  price('claude-opus-4-6', [5, 6.25, 0.5, 25]),
  price('claude-opus-4-5', [5, 6.25, 0.5, 25]),
  price('claude-sonnet-5-5', [2, 2.5, 0.1, 10], `${published}, cache read as cut on 2026-10-07`),
  price('claude-sonnet-5', [2, 2.5, 0.2, 10]),
  price('claude-sonnet-4-6', [3, 3.75, 0.3, 15]),
  price('claude-sonnet-4-5', [3, 3.75, 0.3, 15]),
  price('claude-haiku-4-5', [1, 1.25, 0.1, 5]),
] as const satisfies readonly ModelPrice[]

/** A model that is known before an operator adds any. */
export type ShippedModel = (typeof shippedPrices)[number]['model']
