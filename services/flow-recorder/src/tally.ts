import type { Logger } from '@omni2/service-kit'
import type { WriteOutcome } from './write-around-poison.ts'

type BatchFacts = Pick<WriteOutcome, 'written' | 'newEvents'> & { readonly parked: number }

/** What this process has recorded since it began. */
export class Tally {
  readonly counts = { batches: 0, events: 0, duplicates: 0, settlements: 0, parked: 0 }

  /** Counts and logs a batch. Duplicates are events that were recorded before. */
  addBatch({ written, newEvents, parked }: BatchFacts, { log }: { log: Logger }): void {
    const settlements = written.filter(({ content }) => content.kind === 'settlement').length
    const duplicates = written.length - settlements - newEvents
    this.counts.batches += 1
    this.counts.events += newEvents
    this.counts.duplicates += duplicates
    this.counts.settlements += settlements
    this.counts.parked += parked
    log.debug({ events: newEvents, duplicates, settlements, parked }, 'batch recorded')
  }
}
