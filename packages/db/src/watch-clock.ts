import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database } from './open-database.ts'

interface WatchDeps {
  readonly database: Pick<Database, 'db'>
  readonly stopping: AbortSignal
  readonly log: { warn(fields: object, message: string): void }
}

const intervalMs = 60_000
/** Differences up to this are those of healthy clocks, in milliseconds. */
const healthyMs = 2000

/** What is known of the clock of this process. */
export interface WatchedClock {
  /** Milliseconds that it is ahead of that of Postgres; 0 while they agree, or Postgres was not asked yet. */
  readonly differenceMs: number
}

/**
 * Compares the clock of this process with that of Postgres, by which logins, limits and deadlines are judged: once a
 * minute until `stopping`; a difference of more than two seconds is logged.
 */
export function watchClock(deps: WatchDeps): WatchedClock {
  const clock = { differenceMs: 0 }
  void watch(clock, deps)
  return clock
}

async function watch(clock: { differenceMs: number }, { database, stopping, log }: WatchDeps): Promise<void> {
  while (!stopping.aborted) {
    // While Postgres is away, the last known difference holds.
    clock.differenceMs = await measureDifference(database).catch(() => clock.differenceMs)
    if (clock.differenceMs !== 0)
      log.warn({ difference_ms: clock.differenceMs }, 'clock differs from that of postgres')
    await delay(intervalMs, undefined, { signal: stopping, ref: false }).catch(() => {})
  }
}

/** 0 where the answer took as long as the difference: then it says nothing. */
async function measureDifference({ db }: Pick<Database, 'db'>): Promise<number> {
  const askedAt = Date.now()
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db)
  const answeredAt = Date.now()
  const [{ now } = { now: new Date(answeredAt) }] = rows
  return judgeDifference({ askedAt, answeredAt, theirs: now.getTime() })
}

/** The difference of two clocks in milliseconds, from one query; 0 where it may be none. */
export function judgeDifference(seen: { askedAt: number; answeredAt: number; theirs: number }): number {
  const { askedAt, answeredAt, theirs } = seen
  const isWithin = theirs >= askedAt - healthyMs && theirs <= answeredAt + healthyMs
  return isWithin ? 0 : Math.round((askedAt + answeredAt) / 2 - theirs)
}
