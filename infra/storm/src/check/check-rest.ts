import type { StormRecord, Violation } from '../record.ts'

/** At rest nothing is queued, running or parked. */
export function checkRest({ queue, deadLetters, turns }: StormRecord): Violation[] {
  const running = turns.filter(({ ended }) => !ended).length
  const counts = { ...queue, running, 'dead letters': deadLetters }
  return Object.entries(counts).flatMap(([name, count]) =>
    count === 0 ? [] : [{ invariant: 'rest', detail: `${name}: ${count}` }],
  )
}
