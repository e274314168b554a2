import { performance, type EventLoopUtilization } from 'node:perf_hooks'
import type { WorkerMetrics } from '../metrics.ts'

interface Flushable {
  flush(): void
}

interface TickDeps {
  metrics: Pick<WorkerMetrics, 'flushReplies'>
  /** Milliseconds of a monotonic clock. */
  now?: () => number
  /** The share of the time since the last call in which the event loop was busy, 0 to 1. */
  utilization?: () => number
}

/** Of the event loop: text is sent in the same turn of the loop up to the first, the tick is longest from the second on. */
const utilizations = { light: 0.1, heavy: 0.3 }
/** Chunks a second, of which the same is true: few readers gain nothing from waiting for each other. */
const chunkRates = { light: 1250, heavy: 4000 }
const longestTickMs = 40
const windowMs = 250

/**
 * One flush for all replies of a worker. New text is sent in one frame per reply, and all frames in one write to NATS.
 * It fires in the same turn of the event loop while the worker has time, or has few chunks. The busier the worker is
 * with many chunks, the later it fires, up to 40 ms.
 */
export class FlushTick implements Disposable {
  readonly #waiting = new Set<Flushable>()
  readonly #metrics: TickDeps['metrics']
  readonly #now: () => number
  readonly #utilization: () => number
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  #measuredAt: number
  #chunks = 0
  #delayMs = 0

  constructor({ metrics, now = () => performance.now(), utilization = openUtilization() }: TickDeps) {
    this.#metrics = metrics
    this.#now = now
    this.#utilization = utilization
    this.#measuredAt = now()
  }

  /** How long text waits at the current load, in milliseconds. */
  get delayMs(): number {
    return this.#delayMs
  }

  /** Flushes a reply with the next tick. */
  request(reply: Flushable): void {
    this.#waiting.add(reply)
    this.#chunks += 1
    if (this.#timer || this.#immediate) return
    this.#measure()
    if (this.#delayMs === 0) this.#immediate = setImmediate(() => this.#fire())
    else this.#timer = setTimeout(() => this.#fire(), this.#delayMs)
  }

  /** Removes a reply that flushed by itself or ended. */
  forget(reply: Flushable): void {
    this.#waiting.delete(reply)
  }

  #fire(): void {
    this.#timer = undefined
    this.#immediate = undefined
    const replies = [...this.#waiting]
    this.#waiting.clear()
    if (replies.length > 0) this.#metrics.flushReplies.observe(replies.length)
    for (const reply of replies) reply.flush()
  }

  #measure(): void {
    const now = this.#now()
    const elapsed = now - this.#measuredAt
    if (elapsed < windowMs) return
    const chunkRate = (this.#chunks * 1000) / elapsed
    this.#measuredAt = now
    this.#chunks = 0
    const load = Math.min(place(chunkRate, chunkRates), place(this.#utilization(), utilizations))
    this.#delayMs = Math.round(longestTickMs * load)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    this.#timer = undefined
    this.#immediate = undefined
    this.#waiting.clear()
  }
}

/** Where a value lies between two others, 0 to 1. */
const place = (value: number, { light, heavy }: { light: number; heavy: number }): number =>
  Math.min(1, Math.max(0, (value - light) / (heavy - light)))

/** Measures from one call to the next. */
function openUtilization(): () => number {
  let before: EventLoopUtilization = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    return utilization
  }
}
