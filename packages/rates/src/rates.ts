import type { Logger } from '@omni2/service-kit'
import type { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { Counter, type CounterOptions } from './counter.ts'

/** Where counts are kept: in Redis for all processes, or in this process's memory. */
export type RatesState = 'together' | 'alone'

/** Pause before connecting again to a Redis that refused to count, in milliseconds: its address may lead to another. */
const refusedPauseMs = 1000

/**
 * The counters of a process. Connecting: Redis has not counted yet. Together: Redis counts for all. Alone: there is no
 * Redis, or it is away, or it does not count, such as a replica; this process counts, and returns to Redis by itself once
 * Redis counts. Both changes are logged and passed to the listeners. Closed is final.
 */
export class Rates implements AsyncDisposable {
  readonly #redis: Redis | undefined
  readonly #log: Pick<Logger, 'info' | 'warn'>
  readonly #firstAnswer = Promise.withResolvers<void>()
  readonly #listeners = new Set<(state: RatesState) => void>()
  #state: RatesState | 'connecting' | 'closed'

  constructor(redis: Redis | undefined, log: Pick<Logger, 'info' | 'warn'>) {
    this.#redis = redis
    this.#log = log
    this.#state = redis ? 'connecting' : 'alone'
    redis?.on('ready', () => void this.#tryToCount(redis))
    redis?.on('error', (error) => this.leave(error))
    redis?.on('close', () => this.leave())
  }

  get state(): RatesState {
    return this.#state === 'together' ? 'together' : 'alone'
  }

  /** Adds a listener for every later change. */
  onStateChange(listener: (state: RatesState) => void): void {
    this.#listeners.add(listener)
  }

  /** A counter of its own name and window; counters of one name are the same in every process. */
  openCounter(options: CounterOptions): Counter {
    return new Counter(options, this.#redis)
  }

  /** Resolves when Redis counts, is known to be away, or has not answered for this long. */
  async firstAnswer(deadlineMs: number): Promise<void> {
    const timer = setTimeout(() => this.leave(), deadlineMs)
    await this.#firstAnswer.promise
    clearTimeout(timer)
  }

  /** Counts alone from now on. Every failed try to reconnect calls this again; only the first call reports it. */
  leave(error?: unknown): void {
    if (this.#state === 'alone' || this.#state === 'closed') return
    this.#log.warn({ err: error }, 'redis away: rates are counted in this process')
    this.#become('alone')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'closed'
    this.#redis?.disconnect()
  }

  /** A Redis that answers may still not count. */
  async #tryToCount(redis: Redis): Promise<void> {
    try {
      const options = { keyPrefix: 'rates', points: Number.MAX_SAFE_INTEGER, duration: 1 }
      await new RateLimiterRedis({ ...options, storeClient: redis }).consume('try')
      this.#join()
    } catch (error) {
      this.leave(error)
      const reconnect = () => this.#state !== 'closed' && redis.status === 'ready' && redis.disconnect(true)
      setTimeout(reconnect, refusedPauseMs).unref()
    }
  }

  #join(): void {
    if (this.#state === 'alone') this.#log.info('redis back: rates are counted together')
    this.#become('together')
  }

  #become(state: RatesState): void {
    if (this.#state === 'closed') return
    this.#state = state
    this.#firstAnswer.resolve()
    for (const listener of this.#listeners) listener(state)
  }
}
