import type { WorkerMetrics } from '../metrics.ts'

interface Flushable {
  flush(): void
}

interface TickDeps {
  metrics: Pick<WorkerMetrics, 'flushReplies'>
  /** Milliseconds of a monotonic clock. */
  now?: () => number
}

/** Chunks a second up to which every chunk is sent at once. */
const lightChunksPerSecond = 250
/** Chunks a second from which the tick is at its longest. */
const heavyChunksPerSecond = 2000
const longestTickMs = 40
const windowMs = 250

/**
 * One flush for all replies of a worker. New text is sent in one frame per reply, and all frames in one write to NATS.
 * Under light load it fires at once; under heavy load up to 40 ms later.
 */
export class FlushTick implements Disposable {
  readonly #waiting = new Set<Flushable>()
  readonly #metrics: TickDeps['metrics']
  readonly #now: () => number
  #timer: NodeJS.Timeout | undefined
  #windowStart = 0
  #chunksInWindow = 0
  #chunksPerSecond = 0

  constructor({ metrics, now = () => performance.now() }: TickDeps) {
    this.#metrics = metrics
    this.#now = now
  }

  /** How long a chunk waits at the current load, in milliseconds. */
  get delayMs(): number {
    const load =
      (this.#chunksPerSecond - lightChunksPerSecond) / (heavyChunksPerSecond - lightChunksPerSecond)
    return Math.round(longestTickMs * Math.min(1, Math.max(0, load)))
  }

  /** Flushes a reply with the next tick. */
  request(reply: Flushable): void {
    this.#measure()
    this.#waiting.add(reply)
    if (this.#timer) return
    this.#timer = setTimeout(() => this.#fire(), this.delayMs)
  }

  /** Removes a reply that flushed by itself or ended. */
  forget(reply: Flushable): void {
    this.#waiting.delete(reply)
  }

  #fire(): void {
    this.#timer = undefined
    const replies = [...this.#waiting]
    this.#waiting.clear()
    if (replies.length > 0) this.#metrics.flushReplies.observe(replies.length)
    for (const reply of replies) reply.flush()
  }

  #measure(): void {
    const now = this.#now()
    this.#chunksInWindow += 1
    const elapsed = now - this.#windowStart
    if (elapsed < windowMs) return
    this.#chunksPerSecond = (this.#chunksInWindow * 1000) / elapsed
    this.#windowStart = now
    this.#chunksInWindow = 0
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#waiting.clear()
  }
}
