import type { ModelPrice } from '@omni2/contracts'

/** USD per million tokens. */
export interface Prices {
  input: number
  output: number
  cacheRead: number
  /** Writing to the five-minute cache. */
  cacheWrite: number
}

/** Reads `input,output,cache_read,cache_write`; undefined if it is not four numbers ≥ 0. */
export function parsePrices(value: string): Prices | undefined {
  const numbers = value.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  const [input, output, cacheRead, cacheWrite] = numbers
  if (numbers.length !== 4 || !numbers.every((number) => number >= 0 && Number.isFinite(number)))
    return undefined
  return { input: input ?? 0, output: output ?? 0, cacheRead: cacheRead ?? 0, cacheWrite: cacheWrite ?? 0 }
}

/** A price as turns are charged by it. */
export const toPrices = ({
  input,
  output,
  cache_read,
  cache_write,
}: Pick<ModelPrice, 'input' | 'output' | 'cache_read' | 'cache_write'>): Prices => ({
  input,
  output,
  cacheRead: cache_read,
  cacheWrite: cache_write,
})

/** Tokens of one or more model calls; the three kinds of input never overlap. */
export interface Usage {
  input: number
  cacheRead: number
  cacheWrite: number
  output: number
  /** True if a stream was cut before the model sent its own count. */
  estimated: boolean
}

export const noUsage: Usage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, estimated: false }

/** The sum of two usages. */
export const addUsage = (one: Usage, other: Usage): Usage => ({
  input: one.input + other.input,
  cacheRead: one.cacheRead + other.cacheRead,
  cacheWrite: one.cacheWrite + other.cacheWrite,
  output: one.output + other.output,
  estimated: one.estimated || other.estimated,
})

/** All tokens that the model read, cached ones included. */
export const countInput = (usage: Usage): number => usage.input + usage.cacheRead + usage.cacheWrite

/** The cost of tokens in USD, rounded to 8 decimals. */
export function priceUsage(usage: Usage, prices: Prices): number {
  const millionths =
    usage.input * prices.input +
    usage.output * prices.output +
    usage.cacheRead * prices.cacheRead +
    usage.cacheWrite * prices.cacheWrite
  return Math.round(millionths * 100) / 100_000_000
}
