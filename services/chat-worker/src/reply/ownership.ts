import { consumers, heartbeatMs } from '@omni2/contracts'

/**
 * Time without a heartbeat after which the queue may have given the turn to another worker, in milliseconds. One heartbeat
 * less than it waits: its wait begins with the delivery, which is before the claim, and a heartbeat takes its way.
 */
const leaseMs = consumers['chat-worker'].ack_wait / 1_000_000 - heartbeatMs

interface OwnershipDeps {
  /** Reads the turn's row: is this attempt still the one that runs? */
  check: () => Promise<boolean>
  /** Stops the attempt's work. */
  onLost: () => void
  now?: () => number
}

/**
 * Whether an attempt may still speak for its turn. It is fresh while its heartbeats go through; after a gap nearly as long as the
 * queue's ack_wait (the process was frozen, or NATS was away) it is in doubt until the turn's row confirms it. Lost is
 * final.
 */
export class Ownership {
  readonly #deps: OwnershipDeps
  readonly #now: () => number
  #lastBeat: number
  #lost = false
  #confirming: Promise<boolean> | undefined

  constructor(deps: OwnershipDeps) {
    this.#deps = deps
    this.#now = deps.now ?? (() => performance.now())
    this.#lastBeat = this.#now()
  }

  /** A heartbeat went out. One that comes too late confirms nothing. */
  beat(): void {
    if (this.isFresh()) this.#lastBeat = this.#now()
  }

  /** Puts the ownership in doubt: heartbeats may not have arrived. */
  doubt(): void {
    this.#lastBeat = Number.NEGATIVE_INFINITY
  }

  isFresh(): boolean {
    return !this.#lost && this.#now() - this.#lastBeat < leaseMs
  }

  /** Asks the row once for all who wait; false when the turn is another's. */
  confirm(): Promise<boolean> {
    if (this.#lost) return Promise.resolve(false)
    if (this.isFresh()) return Promise.resolve(true)
    this.#confirming ??= this.#ask().finally(() => (this.#confirming = undefined))
    return this.#confirming
  }

  async #ask(): Promise<boolean> {
    const owned = await this.#deps.check()
    if (owned) {
      this.#lastBeat = this.#now()
      return true
    }
    this.#lost = true
    this.#deps.onLost()
    return false
  }
}
