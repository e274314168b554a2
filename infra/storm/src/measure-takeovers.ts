import { turnOf, type StormRecord } from './record.ts'

/** A takeover later than this after a kill has another cause, in milliseconds. */
const longestMs = 20_000

/** A worker or server that was hit this long before may still be starting again, in milliseconds. */
const recoveryMs = 6000

/** One wait of a reader, in milliseconds. */
export interface Takeover {
  readonly ms: number
  /** Another worker, NATS or Postgres was hit shortly before the kill, or until the takeover. */
  readonly isHindered: boolean
}

/**
 * How long readers waited for the next attempt after the worker of their turn was killed, shortest first: from the kill
 * to the first frame of that attempt, on a connection that saw the attempt before and was not cut between.
 */
export function measureTakeovers({
  connections,
  faults,
}: Pick<StormRecord, 'connections' | 'faults'>): Takeover[] {
  const kills = faults.filter(({ what }) => what.startsWith('kill chat-worker'))
  const hindrances = faults.filter(({ what }) => / (chat-worker|nats-server|postgres)/.test(what))
  const waits = connections.flatMap(({ frames }) => {
    const latest = new Map<string, { attempt: number; at: number }>()
    return frames.flatMap(({ at, frame }) => {
      const attempt = Number(frame['attempt'] ?? 0)
      const turnId = turnOf(frame)
      if (attempt === 0) return []
      const before = latest.get(turnId)
      latest.set(turnId, { attempt, at })
      if (!before || before.attempt === attempt) return []
      const kill = kills.findLast((one) => one.at <= at)
      if (!kill || kill.at < before.at - 1000 || at - kill.at >= longestMs) return []
      const isHindered = hindrances.some(
        (other) => other !== kill && other.at > kill.at - recoveryMs && other.at < at,
      )
      return [{ ms: at - kill.at, isHindered }]
    })
  })
  return waits.toSorted((one, other) => one.ms - other.ms)
}

/** Lines for the person. */
export function describeTakeovers(takeovers: readonly Takeover[]): string {
  if (takeovers.length === 0) return 'no turn of a killed worker was taken over before a reader'
  const free = takeovers.filter(({ isHindered }) => !isHindered)
  const all = `${takeovers.length} turns of killed workers went on elsewhere, ${describeWaits(takeovers)}`
  return `${all}\n${free.length} of them while all other workers and servers lived${free.length > 0 ? `, ${describeWaits(free)}` : ''}`
}

function describeWaits(waits: readonly Takeover[]): string {
  const at = (share: number) => ((waits[Math.ceil(share * waits.length) - 1]?.ms ?? 0) / 1000).toFixed(1)
  return `after ${at(0.5)} s (p50), ${at(0.99)} s (p99)`
}
