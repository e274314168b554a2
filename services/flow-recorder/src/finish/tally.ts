import { listEvents } from '@omni2/contracts'
import type { JsMsg } from '@omni2/bus'
import type { Logger } from '@omni2/service-kit'
import type { ReadableMessage } from '../decode/decode-message.ts'
import type { RecorderMetrics } from '../metrics.ts'
import type { WriteOutcome } from '../write/write-around-poison.ts'

type BatchFacts = Pick<WriteOutcome, 'written' | 'unwritten' | 'newEvents'> & { readonly parked: number }

interface Deps {
  readonly metrics: Pick<
    RecorderMetrics,
    'messages' | 'withoutConversation' | 'batchMessages' | 'batchSeconds' | 'delaySeconds'
  >
  readonly log: Logger
}

/** Times of a batch, epoch milliseconds. */
interface BatchTimes {
  /** Its last message was here. */
  readonly begunAt: number
  /** Its oldest message was stored in the stream. */
  readonly oldestAt: number
}

/** What this process has recorded since it began, and since when it has what it records now. */
export class Tally {
  readonly counts = { batches: 0, events: 0, duplicates: 0, settlements: 0, parked: 0 }
  #current: BatchTimes | undefined

  /** Age in seconds of the oldest message that is being recorded; 0 when there is none. */
  get lagSeconds(): number {
    return this.#current === undefined ? 0 : secondsSince(this.#current.oldestAt)
  }

  /** Notes the times of a batch that is to be written now. */
  beginBatch(batch: readonly JsMsg[]): BatchTimes {
    const oldestAt = Math.min(...batch.map(({ info }) => info.timestampNanos / 1_000_000))
    this.#current = { begunAt: Date.now(), oldestAt }
    return this.#current
  }

  /** Counts and logs a batch. Duplicates are events that were recorded before. */
  endBatch({ written, unwritten, newEvents, parked }: BatchFacts, { metrics, log }: Deps): void {
    const settlements = written.filter(({ content }) => content.kind === 'settlement').length
    const events = written.reduce((sum, { content }) => sum + listEvents(content).length, 0)
    const duplicates = events - newEvents
    this.counts.batches += 1
    this.counts.events += newEvents
    this.counts.duplicates += duplicates
    this.counts.settlements += settlements
    this.counts.parked += parked
    metrics.messages.add(newEvents, { outcome: 'event' })
    metrics.messages.add(duplicates, { outcome: 'duplicate' })
    metrics.messages.add(settlements, { outcome: 'settlement' })
    metrics.messages.add(unwritten.length, { outcome: 'given_back' })
    metrics.withoutConversation.add(written.filter(hasLostConversation).length)
    metrics.batchMessages.observe(written.length + unwritten.length + parked)
    this.#observeTimes(metrics)
    log.debug({ events: newEvents, duplicates, settlements, parked }, 'batch recorded')
  }

  #observeTimes(metrics: Deps['metrics']): void {
    if (this.#current === undefined) return
    metrics.batchSeconds.observe(secondsSince(this.#current.begunAt))
    metrics.delaySeconds.observe(secondsSince(this.#current.oldestAt))
    this.#current = undefined
  }
}

const hasLostConversation = ({ content }: ReadableMessage): boolean =>
  content.source === 'ws' && content.conversation_id === null

/** Never negative: the server's clock may be ahead of this one. */
const secondsSince = (at: number): number => Math.max(0, Date.now() - at) / 1000
