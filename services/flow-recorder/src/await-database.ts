import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseReady, type Database } from '@omni2/db'
import type { Readiness } from '@omni2/service-kit'

const retryMs = 500

/** Meets the condition `database` once a statement gets its answer; gives up when the process stops. */
export async function awaitDatabase(
  database: Pick<Database, 'db'>,
  { readiness, stopping }: { readiness: Readiness; stopping: AbortSignal },
): Promise<void> {
  while (!(await isDatabaseReady(database))) {
    readiness.miss('database', 'does not answer')
    await delay(retryMs, undefined, { signal: stopping }).catch(() => {})
    if (stopping.aborted) return
  }
  readiness.meet('database')
}
