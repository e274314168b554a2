import type { FlowBucket, FlowFilter } from '@omni2/db'
import { LRUCache } from 'lru-cache'

/** Age of a step after which no turn of it runs any more, in milliseconds: above the longest deadline of a turn. */
const settledMs = 3_600_000
/** How long a step is known, in milliseconds: turns may be deleted, or have waited in the queue for longer. */
export const keptMs = 5 * 60_000
/** Steps of all charts that are known at once, some 300 bytes each. */
const mostKept = 20_000

/** What turns accepted in a range come to, by steps; those without turns are left out. */
export type ReadSteps = (range: { readonly since: Date; readonly until: Date }) => Promise<FlowBucket[]>

export interface Chart {
  readonly filter: FlowFilter & { readonly since: Date; readonly until: Date }
  readonly stepSeconds: number
}

/** The steps of a chart; times in Unix milliseconds. */
interface Steps {
  readonly ms: number
  /** Where the first begins that is in the chart whole. */
  readonly first: number
  readonly isOver: (at: number) => boolean
  readonly nameOf: (at: number) => string
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
  async list(chart: Chart, read: ReadSteps): Promise<FlowBucket[]> {
    const { since, until } = chart.filter
    const steps = this.#stepsOf(chart)
    const known: FlowBucket[] = []
    let unknownFrom = steps.first
    for (; steps.isOver(unknownFrom); unknownFrom += steps.ms) {
      const step = this.#kept.get(steps.nameOf(unknownFrom))
      if (!step) break
      if (step.bucket) known.push(step.bucket)
    }
    if (unknownFrom === steps.first) {
      const all = await read({ since, until })
      this.#keep(all, steps.first, steps)
      return all
    }
    const begun = since.getTime() < steps.first ? await read({ since, until: new Date(steps.first) }) : []
    const rest = unknownFrom < until.getTime() ? await read({ since: new Date(unknownFrom), until }) : []
    this.#keep(rest, unknownFrom, steps)
    return [...begun, ...known, ...rest]
  }

  /** Reads the steps of a chart, known or not, and keeps those that are over. */
  async refresh(chart: Chart, read: ReadSteps): Promise<void> {
    const steps = this.#stepsOf(chart)
    this.#keep(await read(chart.filter), steps.first, steps)
  }

  #keep(buckets: readonly FlowBucket[], from: number, { ms, isOver, nameOf }: Steps): void {
    const byTime = new Map(buckets.map((bucket) => [bucket.at.getTime(), bucket]))
    for (let at = from; isOver(at); at += ms) this.#kept.set(nameOf(at), { bucket: byTime.get(at) })
  }

  #stepsOf({ filter: { since, until, ...others }, stepSeconds }: Chart): Steps {
    const ms = stepSeconds * 1000
    const first = Math.ceil(since.getTime() / ms) * ms
    const over = Math.min(until.getTime(), this.#now() - settledMs)
    return {
      ms,
      first,
      isOver: (at) => at >= first && at + ms <= over,
      nameOf: (at) => JSON.stringify([others, stepSeconds, at]),
    }
  }
}
