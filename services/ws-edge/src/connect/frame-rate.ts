/**
 * A token bucket for one connection's frames. Refused frames cost tokens as well: a client that slows down is served
 * again, and one that does not slow down sinks until it counts as a flood.
 */
export class FrameRate {
  readonly #perSecond: number
  readonly #burst: number
  readonly #refusable: number
  readonly #now: () => number
  #tokens: number
  #filledAt: number

  /** `refusable`: frames that may be refused before it is a flood; `now`: milliseconds of a monotonic clock. */
  constructor(rate: { perSecond: number; burst: number; refusable: number }, { now }: { now: () => number }) {
    this.#perSecond = rate.perSecond
    this.#burst = rate.burst
    this.#refusable = rate.refusable
    this.#now = now
    this.#tokens = rate.burst
    this.#filledAt = now()
  }

  /** Charges one frame and says what to do with it. */
  take(): 'allowed' | 'refused' | 'flood' {
    this.#fill()
    this.#tokens -= 1
    if (this.#tokens >= 0) return 'allowed'
    return this.#tokens >= -this.#refusable ? 'refused' : 'flood'
  }

  /** Milliseconds until a frame is allowed again. */
  get retryAfterMs(): number {
    return Math.max(0, Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000))
  }

  #fill(): void {
    const now = this.#now()
    const earned = ((now - this.#filledAt) / 1000) * this.#perSecond
    this.#tokens = Math.min(this.#burst, this.#tokens + earned)
    this.#filledAt = now
  }
}
