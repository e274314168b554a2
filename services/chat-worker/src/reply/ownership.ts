import { consumers, heartbeatMs } from '@omni2/contracts'

/**
 * Time without a heartbeat after which the queue may have delivered the turn to another worker, in milliseconds. It is
 * one heartbeat shorter than the ack_wait of the queue, which begins with the delivery, before the claim. A heartbeat
 * also takes time to arrive.
 */
const leaseMs = consumers['chat-worker'].ack_wait / 1_000_000 - heartbeatMs

interface OwnershipDeps {
  /** Reads the row of the turn: does this attempt still own it? */
  check: () => Promise<boolean>
  /** Stops the attempt's work. */
  onLost: () => void
  now?: () => number
}

/**
 * Whether an attempt may still send frames for its turn. It is *fresh* while its heartbeats go through. After a gap
 * nearly as long as the ack_wait of the queue (the process was frozen, or NATS was away) it is *in doubt* until the row
 * of the turn confirms it. *Lost* is final.
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

  /** A heartbeat was sent. A late one confirms nothing. */
  beat(): void {
    if (this.isFresh()) this.#lastBeat = this.#now()
  }

  /** Puts the ownership in doubt, because heartbeats may not have arrived. */
  doubt(): void {
    this.#lastBeat = Number.NEGATIVE_INFINITY
  }

  isFresh(): boolean {
    return !this.#lost && this.#now() - this.#lastBeat < leaseMs
  }

  /** Reads the row once for all callers that wait; false if another attempt owns the turn. */
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
