import { setTimeout as sleep } from 'node:timers/promises'
import { awaitDatabase, isConnectionLost, isOutOfResources, isTransient, type Database } from '@omni2/db'
import { Seldom, type Logger, type Readiness } from '@omni2/service-kit'

/** Pause before a failed statement is tried again, in milliseconds. */
const transientPauseMs = 500

interface GateDeps {
  log: Logger
  readiness: Readiness
  stopping: AbortSignal
}

/**
 * Whether Postgres is available and accepts writes. *Open* until a statement loses its connection; *away* until a probe
 * succeeds. While it is away, work waits here in its slot, and no new turns are taken.
 */
export class DatabaseGate {
  readonly #database: Database
  readonly #deps: GateDeps
  #returned: Promise<void> | undefined
  readonly #seldom = new Seldom()

  constructor(database: Database, deps: GateDeps) {
    this.#database = database
    this.#deps = deps
  }

  /** Resolves when Postgres is available, or at shutdown. */
  async opened(): Promise<void> {
    await this.#returned
  }

  /** Runs work, and repeats it when Postgres is available again. At shutdown it throws the failure. */
  async retryWhileAway<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.#returned
      try {
        return await work()
      } catch (error) {
        if (this.#deps.stopping.aborted) throw error
        if (isOutOfResources(error)) this.#warn(error)
        if (isTransient(error)) await sleep(transientPauseMs)
        else if (!isConnectionLost(error)) throw error
        else this.#returned ??= this.#probe(error).finally(() => (this.#returned = undefined))
      }
    }
  }

  /** Each running turn tries again. */
  #warn(error: unknown): void {
    const reason = describe(error)
    this.#seldom.say('no room', () =>
      this.#deps.log.error({ reason }, 'postgres has no room or memory: trying again'),
    )
  }

  /** Runs a read for another service, which asks elsewhere meanwhile; undefined while Postgres is away. */
  async unlessAway<T>(read: () => Promise<T>): Promise<T | undefined> {
    return this.#returned ? undefined : read()
  }

  async #probe(error: unknown): Promise<void> {
    this.#deps.log.warn({ reason: describe(error) }, 'postgres away: no new turns until it is back')
    await awaitDatabase(this.#database, this.#deps)
    this.#deps.log.info('postgres back')
  }
}

/** Not the whole error: Postgres quotes values in its details. */
const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error))
