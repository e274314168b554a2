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

/** Utilization of the event loop up to which text is sent in the same turn of the loop. */
const lightUtilization = 0.3
/** Utilization from which the tick is at its longest. */
const heavyUtilization = 0.6
const longestTickMs = 40
const windowMs = 250

/**
 * One flush for all replies of a worker. New text is sent in one frame per reply, and all frames in one write to NATS.
 * While the worker has time, it fires in the same turn of the event loop; the busier the worker is, the later it fires,
 * up to 40 ms.
 */
export class FlushTick implements Disposable {
  readonly #waiting = new Set<Flushable>()
  readonly #metrics: TickDeps['metrics']
  readonly #now: () => number
  readonly #utilization: () => number
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  #measuredAt = Number.NEGATIVE_INFINITY
  #delayMs = 0

  constructor({ metrics, now = () => performance.now(), utilization = openUtilization() }: TickDeps) {
    this.#metrics = metrics
    this.#now = now
    this.#utilization = utilization
  }

  /** How long text waits at the current load, in milliseconds. */
  get delayMs(): number {
    return this.#delayMs
  }

  /** Flushes a reply with the next tick. */
  request(reply: Flushable): void {
    this.#waiting.add(reply)
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
    if (now - this.#measuredAt < windowMs) return
    this.#measuredAt = now
    const load = (this.#utilization() - lightUtilization) / (heavyUtilization - lightUtilization)
    this.#delayMs = Math.round(longestTickMs * Math.min(1, Math.max(0, load)))
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    this.#timer = undefined
    this.#immediate = undefined
    this.#waiting.clear()
  }
}

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
