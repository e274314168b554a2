import { turnOf, type StormRecord } from './record.ts'

/** A takeover later than this after a kill has another cause, in milliseconds. */
const longestMs = 20_000

/**
 * How long readers waited for the next attempt after the worker of their turn was killed, in milliseconds, shortest first:
 * from the kill to the first frame of that attempt, on a connection that saw the attempt before and was not cut between.
 */
export function measureTakeovers({
  connections,
  faults,
}: Pick<StormRecord, 'connections' | 'faults'>): number[] {
  const kills = faults.filter(({ what }) => what.startsWith('kill chat-worker')).map(({ at }) => at)
  const waits = connections.flatMap(({ frames }) => {
    const latest = new Map<string, { attempt: number; at: number }>()
    return frames.flatMap(({ at, frame }) => {
      const attempt = Number(frame['attempt'] ?? 0)
      const turnId = turnOf(frame)
      if (attempt === 0) return []
      const before = latest.get(turnId)
      latest.set(turnId, { attempt, at })
      if (!before || before.attempt === attempt) return []
      const killedAt = kills.findLast((kill) => kill <= at)
      const isOfKill = killedAt !== undefined && killedAt >= before.at - 1000 && at - killedAt < longestMs
      return isOfKill ? [at - killedAt] : []
    })
  })
  return waits.toSorted((one, other) => one - other)
}

/** One line for the person. */
export function describeTakeovers(waits: readonly number[]): string {
  if (waits.length === 0) return 'no turn of a killed worker was taken over before a reader'
  const at = (share: number) => ((waits[Math.ceil(share * waits.length) - 1] ?? 0) / 1000).toFixed(1)
  return `${waits.length} turns of killed workers went on elsewhere, after ${at(0.5)} s (p50), ${at(0.99)} s (p99)`
}
