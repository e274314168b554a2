import { isConnectionLost, isDatabaseReady, type Database } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import { setTimeout as sleep } from 'node:timers/promises'

const firstPauseMs = 100
const longestPauseMs = 2000

/**
 * Whether Postgres is there. Open until a statement loses its connection; away until a probe succeeds. While it is away
 * work waits here, in its slot, and no new turns are taken.
 */
export class DatabaseGate {
  readonly #database: Database
  readonly #log: Logger
  readonly #stopping: AbortSignal
  #returned: Promise<void> | undefined

  constructor(database: Database, { log, stopping }: { log: Logger; stopping: AbortSignal }) {
    this.#database = database
    this.#log = log
    this.#stopping = stopping
  }

  get isOpen(): boolean {
    return this.#returned === undefined
  }

  /** Resolves when Postgres is there, or at shutdown. */
  async opened(): Promise<void> {
    await this.#returned
  }

  /** Runs work, again each time Postgres has come back; at shutdown the loss is thrown. */
  async retryWhileAway<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.#returned
      try {
        return await work()
      } catch (error) {
        if (!isConnectionLost(error) || this.#stopping.aborted) throw error
        this.#returned ??= this.#probe().finally(() => (this.#returned = undefined))
      }
    }
  }

  async #probe(): Promise<void> {
    this.#log.warn('postgres away: no new turns until it is back')
    for (
      let pauseMs = firstPauseMs;
      !this.#stopping.aborted;
      pauseMs = Math.min(longestPauseMs, pauseMs * 2)
    ) {
      await sleep(pauseMs, undefined, { signal: this.#stopping }).catch(() => {})
      if (await isDatabaseReady(this.#database)) break
    }
    this.#log.info('postgres back')
  }
}
