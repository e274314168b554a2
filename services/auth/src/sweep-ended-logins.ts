import { setInterval as everyMs } from 'node:timers/promises'
import { deleteEndedLogins, type Database } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'

interface Dependencies {
  readonly database: Pick<Database, 'db'>
  readonly intervalMs: number
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** Deletes what no token refers to any more, again and again; dispose waits for a running deletion. */
export function openSweeper(deps: Dependencies): AsyncDisposable {
  const closing = new AbortController()
  const sweeping = sweepUntil(closing.signal, deps)
  return {
    [Symbol.asyncDispose]: async () => {
      closing.abort()
      await sweeping
    },
  }
}

async function sweepUntil(closing: AbortSignal, deps: Dependencies): Promise<void> {
  try {
    for await (const _ of everyMs(deps.intervalMs, undefined, { signal: closing })) await sweep(deps)
  } catch (error) {
    if (!closing.aborted) throw error
  }
}

/** What fails is tried again the next time. */
async function sweep({ database, log }: Dependencies): Promise<void> {
  try {
    log.info(await deleteEndedLogins(database), 'ended logins deleted')
  } catch (err) {
    log.warn({ err }, 'ended logins not deleted')
  }
}
