import type { WorkerSign } from '@omni2/contracts'

/** How often a worker announces itself, in milliseconds. */
export const announceMs = 500
/** Silence after which a worker may have died: two announcements were missed. */
const silenceMs = 1200
/**
 * How long this worker must have received its own announcements before it doubts others, in milliseconds. After an
 * outage of NATS the workers reconnect one after another.
 */
const steadyMs = 3000

interface KnownWorker {
  readonly worker: string
  heardAt: number
}

/**
 * The processes of workers, this one included, by their announcements. A process is *heard*, or *silent*. Only a
 * process that receives its own announcements steadily knows which others are silent: else it is itself cut off, or
 * NATS is away. Times are milliseconds of the monotonic clock.
 */
export class KnownWorkers {
  readonly #self: string
  readonly #processes = new Map<string, KnownWorker>()
  #ownAt = Number.NEGATIVE_INFINITY
  #steadySince = Number.NEGATIVE_INFINITY

  /** `self`: the process of this worker. */
  constructor(self: string) {
    this.#self = self
  }

  /** A worker announced itself. */
  hear({ worker, process }: WorkerSign, now: number): void {
    if (process !== this.#self) this.#processes.set(process, { worker, heardAt: now })
    else {
      // The first announcement after the start follows no outage.
      if (this.#ownAt > 0 && now - this.#ownAt >= silenceMs) this.#steadySince = now
      this.#ownAt = now
    }
  }

  /** A worker has turns, and may have died before this process began to listen. */
  suspect(worker: string, now: number): void {
    this.#processes.set(worker, { worker, heardAt: now })
  }

  /** The names of the silent workers; none while this process cannot know. */
  silent(now: number): string[] {
    if (now - this.#ownAt >= silenceMs || now - this.#steadySince < steadyMs) return []
    const silent = [...this.#processes.values()].filter(({ heardAt }) => now - heardAt >= silenceMs)
    return silent.map(({ worker }) => worker)
  }

  /** A silent worker has no turns any more. */
  forget(worker: string, now: number): void {
    for (const [process, known] of this.#processes)
      if (known.worker === worker && now - known.heardAt >= silenceMs) this.#processes.delete(process)
  }
}
