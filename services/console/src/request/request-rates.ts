import { ConsoleRefused } from '../console-refused.ts'

interface Window {
  readonly begunAt: number
  count: number
}

const windowMs = 60_000

/** Requests of each operator in the minute that began with the first of them. Operators are few, and so are entries. */
export class RequestRates {
  readonly #perMinute: number
  readonly #now: () => number
  readonly #windows = new Map<number, Window>()

  /** `now`: milliseconds of a monotonic clock. */
  constructor({ perMinute, now }: { perMinute: number; now: () => number }) {
    this.#perMinute = perMinute
    this.#now = now
  }

  /** Counts a request; throws ConsoleRefused above the rate, with when to come back. */
  count(userId: number): void {
    const now = this.#now()
    const open = this.#windows.get(userId)
    const window = open && now < open.begunAt + windowMs ? open : { begunAt: now, count: 0 }
    this.#windows.set(userId, window)
    window.count += 1
    if (window.count <= this.#perMinute) return
    const retry_after_ms = Math.ceil(window.begunAt + windowMs - now)
    throw new ConsoleRefused('too_many_requests', { fields: { retry_after_ms } })
  }
}
