import type { FlowBucket, FlowFilter } from '@omni2/db'
import { LRUCache } from 'lru-cache'

/** Age of a step after which no turn of it runs any more, in milliseconds: above the longest deadline of a turn. */
const settledMs = 3_600_000
/** How long a step is known, in milliseconds: turns may be deleted, or have waited in the queue for longer. */
const keptMs = 15 * 60_000
/** Steps of all charts that are known at once, some 300 bytes each. */
const mostKept = 20_000

/** What turns accepted in a range come to, by steps; those without turns are left out. */
export type ReadSteps = (range: { readonly since: Date; readonly until: Date }) => Promise<FlowBucket[]>

interface Chart {
  readonly filter: FlowFilter & { readonly since: Date; readonly until: Date }
  readonly stepSeconds: number
}

/**
 * Steps of charts that are over. A month of a large deployment takes the database a second to sum; what is over sums to
 * the same the next time, so only the rest is read again.
 */
export class KnownSteps {
  readonly #kept = new LRUCache<string, { readonly bucket: FlowBucket | undefined }>({
    max: mostKept,
    ttl: keptMs,
  })
  readonly #now: () => number

  /** `now`: Unix milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** The steps of a chart, the oldest first. */
  async list({ filter, stepSeconds }: Chart, read: ReadSteps): Promise<FlowBucket[]> {
    const stepMs = stepSeconds * 1000
    const { since, until, ...others } = filter
    const nameOf = (at: number) => JSON.stringify([others, stepSeconds, at])
    const firstWhole = Math.ceil(since.getTime() / stepMs) * stepMs
    const over = Math.min(until.getTime(), this.#now() - settledMs)
    const isOver = (at: number) => at >= firstWhole && at + stepMs <= over

    const known: FlowBucket[] = []
    let unknownFrom = firstWhole
    for (; isOver(unknownFrom); unknownFrom += stepMs) {
      const step = this.#kept.get(nameOf(unknownFrom))
      if (!step) break
      if (step.bucket) known.push(step.bucket)
    }
    if (unknownFrom === firstWhole) {
      const all = await read({ since, until })
      this.#keep(all, firstWhole, { stepMs, isOver, nameOf })
      return all
    }
    const begun = since.getTime() < firstWhole ? await read({ since, until: new Date(firstWhole) }) : []
    const rest = unknownFrom < until.getTime() ? await read({ since: new Date(unknownFrom), until }) : []
    this.#keep(rest, unknownFrom, { stepMs, isOver, nameOf })
    return [...begun, ...known, ...rest]
  }

  #keep(
    buckets: readonly FlowBucket[],
    from: number,
    {
      stepMs,
      isOver,
      nameOf,
    }: { stepMs: number; isOver: (at: number) => boolean; nameOf: (at: number) => string },
  ): void {
    const byTime = new Map(buckets.map((bucket) => [bucket.at.getTime(), bucket]))
    for (let at = from; isOver(at); at += stepMs) this.#kept.set(nameOf(at), { bucket: byTime.get(at) })
  }
}
