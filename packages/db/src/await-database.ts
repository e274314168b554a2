import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseReady } from './is-database-ready.ts'
import type { Database } from './open-database.ts'

interface Conditions {
  meet(condition: string): void
  miss(condition: string, reason: string): void
}

const retryMs = 500

/** Meets the condition `database` once a statement gets its answer; gives up when the process stops. */
export async function awaitDatabase(
  database: Pick<Database, 'db'>,
  { readiness, stopping }: { readiness: Conditions; stopping: AbortSignal },
): Promise<void> {
  while (!(await isDatabaseReady(database))) {
    readiness.miss('database', 'does not answer')
    await delay(retryMs, undefined, { signal: stopping }).catch(() => {})
    if (stopping.aborted) return
  }
  readiness.meet('database')
}
