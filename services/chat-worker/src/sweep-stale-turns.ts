import { errorCodes } from '@omni2/contracts'
import { endStaleTurns, type Database } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import { setTimeout as sleep } from 'node:timers/promises'
import { announceEnd, isEnded, type AnnounceDeps } from './announce-end.ts'
import type { Config } from './config.ts'

interface SweepDeps extends AnnounceDeps {
  database: Database
  config: Pick<Config, 'SWEEP_INTERVAL_MS' | 'TURN_DEADLINE_MS'>
  log: Logger
  stopping: AbortSignal
}

/** A terminal frame outside any attempt's numbering: it is told, whatever was told before it. */
const interrupted = {
  type: 'error',
  seq: 1_000_000,
  body: { error: errorCodes.interrupted.text, code: 'interrupted' },
} as const

/** Ends the turns nobody will end, every few seconds until stopping; one worker at a time does it. */
export async function sweepStaleTurns(deps: SweepDeps): Promise<void> {
  const { config, log, stopping } = deps
  while (!stopping.aborted) {
    await sleep(config.SWEEP_INTERVAL_MS, undefined, { signal: stopping }).catch(() => {})
    if (stopping.aborted) return
    await sweepOnce(deps).catch((error: unknown) => log.warn({ err: error }, 'sweep failed'))
  }
}

/** One sweep. Ends are told before they are committed: told twice is harmless, committed and never told is not. */
export async function sweepOnce({
  database,
  config,
  log,
  ...deps
}: Omit<SweepDeps, 'stopping'>): Promise<number> {
  return database.db.transaction().execute(async (db) => {
    const turns = await endStaleTurns({ deadlineMs: config.TURN_DEADLINE_MS, terminal: interrupted }, { db })
    for (const turn of turns.filter(isEnded)) {
      log.warn({ session_id: turn.session_id, attempt: turn.attempt }, 'stale turn interrupted')
      await announceEnd(turn, deps)
    }
    return turns.length
  })
}
