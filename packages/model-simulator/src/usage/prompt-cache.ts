import { digest } from '../reply/seed-random.ts'
import type { CountRequest } from '../request/request-shape.ts'
import { estimateTokens, listPromptBlocks, type PromptBlock } from './list-prompt-blocks.ts'

/** What a request reads; the four counts add up to its whole prompt. */
export interface InputUsage {
  readonly uncached: number
  readonly cacheRead: number
  readonly created5m: number
  readonly created1h: number
}

/** A prefix of the prompt that ends behind a block. */
interface Prefix extends Pick<PromptBlock, 'ttl'> {
  readonly key: string
  readonly tokens: number
}

interface CacheBounds {
  readonly maxPrefixes: number
  readonly minTokens: number
  readonly now: () => number
}

const ttlMs = { '5m': 300_000, '1h': 3_600_000 }
/** How many blocks before a breakpoint the API looks for an older entry. */
const lookbackBlocks = 20

/**
 * The API's prompt cache: a request writes the prefix in front of each of its breakpoints,
 * a later request that begins with the same bytes reads it. An entry lives for its time to live since its last use;
 * above `maxPrefixes` the least recently used one goes. A breakpoint behind fewer than `minTokens` does nothing.
 */
export class PromptCache {
  readonly #expiries = new Map<string, number>()
  readonly #maxPrefixes: number
  readonly #minTokens: number
  readonly #now: () => number

  constructor({ maxPrefixes, minTokens, now }: CacheBounds) {
    this.#maxPrefixes = maxPrefixes
    this.#minTokens = minTokens
    this.#now = now
  }

  /** Counts what a request reads from the cache and writes into it, and does so. */
  use(request: CountRequest): InputUsage {
    const prefixes = listPrefixes(request)
    const hit = prefixes.findLast((prefix, index) => isReachable(prefixes, index) && this.#has(prefix.key))
    const breakpoints = prefixes.filter(({ ttl, tokens }) => ttl !== undefined && tokens >= this.#minTokens)
    for (const prefix of breakpoints) this.#write(prefix)
    return splitUsage(prefixes.at(-1)?.tokens ?? 0, hit?.tokens ?? 0, breakpoints)
  }

  #has(key: string): boolean {
    return (this.#expiries.get(key) ?? 0) > this.#now()
  }

  #write({ key, ttl = '5m' }: Prefix): void {
    this.#expiries.delete(key)
    this.#expiries.set(key, this.#now() + ttlMs[ttl])
    const [oldest] = this.#expiries.keys()
    if (this.#expiries.size > this.#maxPrefixes && oldest !== undefined) this.#expiries.delete(oldest)
  }
}

function listPrefixes(request: CountRequest): Prefix[] {
  let key = digest(request.model)
  let characters = 0
  return listPromptBlocks(request).map((block) => {
    key = digest(key + block.text)
    characters += block.text.length
    return { ttl: block.ttl, key, tokens: estimateTokens(characters) }
  })
}

function isReachable(prefixes: readonly Prefix[], index: number): boolean {
  return prefixes.slice(index, index + lookbackBlocks).some((prefix) => prefix.ttl !== undefined)
}

function splitUsage(total: number, cacheRead: number, breakpoints: readonly Prefix[]): InputUsage {
  const created = { '5m': 0, '1h': 0 }
  let cached = cacheRead
  for (const { tokens, ttl = '5m' } of breakpoints) {
    created[ttl] += Math.max(tokens - cached, 0)
    cached = Math.max(tokens, cached)
  }
  return { uncached: total - cached, cacheRead, created5m: created['5m'], created1h: created['1h'] }
}
