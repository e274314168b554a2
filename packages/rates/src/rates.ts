import type { Logger } from '@omni2/service-kit'
import type { Redis } from 'ioredis'
import { Counter, type CounterOptions } from './counter.ts'

/** Who counts: all processes in Redis, or this one in its memory. */
export type RatesState = 'together' | 'alone'

/**
 * The counters of a process. Connecting: Redis has not said a word. Together: Redis counts for all. Alone: there is no
 * Redis, or it is away; this process counts, and comes back by itself. Both changes are logged and told. Closed is final.
 */
export class Rates implements AsyncDisposable {
  readonly #redis: Redis | undefined
  readonly #log: Pick<Logger, 'info' | 'warn'>
  readonly #firstWord = Promise.withResolvers<void>()
  readonly #listeners = new Set<(state: RatesState) => void>()
  #state: RatesState | 'connecting' | 'closed'

  constructor(redis: Redis | undefined, log: Pick<Logger, 'info' | 'warn'>) {
    this.#redis = redis
    this.#log = log
    this.#state = redis ? 'connecting' : 'alone'
    redis?.on('ready', () => this.#join())
    redis?.on('error', (error) => this.#leave(error))
    redis?.on('close', () => this.#leave())
  }

  get state(): RatesState {
    return this.#state === 'together' ? 'together' : 'alone'
  }

  /** Hears of every later change. */
  onStateChange(listener: (state: RatesState) => void): void {
    this.#listeners.add(listener)
  }

  /** A counter of its own name and window; counters of one name are the same in every process. */
  openCounter(options: CounterOptions): Counter {
    return new Counter(options, this.#redis)
  }

  /** Resolves when Redis is there, or is known to be away, or is silent for this long. */
  async firstWord(deadlineMs: number): Promise<void> {
    const timer = setTimeout(() => this.#leave(), deadlineMs)
    await this.#firstWord.promise
    clearTimeout(timer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'closed'
    this.#redis?.disconnect()
  }

  #join(): void {
    if (this.#state === 'alone') this.#log.info('redis back: rates are counted together')
    this.#become('together')
  }

  /** Every failed try to reconnect says so again; it is told once. */
  #leave(error?: unknown): void {
    if (this.#state === 'alone' || this.#state === 'closed') return
    this.#log.warn({ err: error }, 'redis away: rates are counted in this process')
    this.#become('alone')
  }

  #become(state: RatesState): void {
    if (this.#state === 'closed') return
    this.#state = state
    this.#firstWord.resolve()
    for (const listener of this.#listeners) listener(state)
  }
}
