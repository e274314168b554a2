import { setTimeout as delay } from 'node:timers/promises'
import { isReadOnly } from './classify-error.ts'
import type { Database } from './open-database.ts'

interface Conditions {
  meet(condition: string): void
  miss(condition: string, reason: string): void
}

const retryMs = 500

/** Meets the condition `database` once a statement could write; gives up when the process stops. */
export async function awaitDatabase(
  { probe }: Pick<Database, 'probe'>,
  { readiness, stopping }: { readiness: Conditions; stopping: AbortSignal },
): Promise<void> {
  while (!stopping.aborted) {
    try {
      await probe()
      return readiness.meet('database')
    } catch (error) {
      readiness.miss('database', isReadOnly(error) ? 'is read-only' : 'does not answer')
    }
    await delay(retryMs, undefined, { signal: stopping }).catch(() => {})
  }
}
