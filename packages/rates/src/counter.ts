import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import {
  RateLimiterMemory,
  RateLimiterRedis,
  type RateLimiterAbstract,
  type RateLimiterRes,
} from 'rate-limiter-flexible'

export interface CounterOptions {
  /** Begins its keys, such as `chat:requests`. */
  name: string
  /** A window begins with the first count of a key and ends after so many seconds. */
  windowSeconds: number
}

export interface Counted {
  /** In the running window. */
  used: number
  /** Milliseconds until the window ends. */
  resetMs: number
}

/**
 * Counts how often each key was used in its window, in Redis or in this process; who counts compares. Keys are stored as
 * hashes: what they name stays out of Redis.
 */
export class Counter {
  readonly #limiter: RateLimiterAbstract

  constructor({ name, windowSeconds }: CounterOptions, redis: Redis | undefined) {
    // The library refuses above its points; here limits differ by key, so it only counts.
    const options = { keyPrefix: name, points: Number.MAX_SAFE_INTEGER, duration: windowSeconds }
    const memory = new RateLimiterMemory(options)
    const shared = { ...options, storeClient: redis, insuranceLimiter: memory, rejectIfRedisNotReady: true }
    this.#limiter = redis ? new RateLimiterRedis(shared) : memory
  }

  /** Counts one use; the answer includes it. */
  async add(key: string): Promise<Counted> {
    return readCount(await this.#limiter.consume(hash(key)))
  }

  /** Undefined where nothing was counted in the running window. */
  async find(key: string): Promise<Counted | undefined> {
    const found = await this.#limiter.get(hash(key))
    return found === null ? undefined : readCount(found)
  }

  /** Takes one use back. */
  async takeBack(key: string): Promise<void> {
    await this.#limiter.reward(hash(key))
  }

  /** Sets what was used, for so many seconds. */
  async set(key: string, used: number, seconds: number): Promise<void> {
    await this.#limiter.set(hash(key), used, seconds)
  }

  async forget(key: string): Promise<void> {
    await this.#limiter.delete(hash(key))
  }
}

const readCount = ({ consumedPoints, msBeforeNext }: RateLimiterRes): Counted => ({
  used: consumedPoints,
  resetMs: Math.max(0, msBeforeNext),
})

const hash = (key: string): string => createHash('sha256').update(key).digest('base64url')
