import { setTimeout as sleep } from 'node:timers/promises'
import { errorCodes } from '@omni2/contracts'
import {
  deleteExpiredReservations,
  endLostTurns,
  endOverdueTurns,
  listUnrecordedEnds,
  type Database,
  type StoredTurn,
} from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import { announceEnd, isEnded, type AnnounceDeps } from './announce-end.ts'
import type { Config } from './config.ts'
import { makeUnsaidEnding } from './make-ending.ts'
import type { Prices } from './model/prices.ts'
import { settleMarginMs } from './turn-stop.ts'

interface SweepDeps extends AnnounceDeps {
  database: Database
  config: Pick<Config, 'SWEEP_INTERVAL_MS' | 'TURN_DEADLINE_MS' | 'MODEL'>
  prices: Prices
  log: Logger
  stopping: AbortSignal
}

/** Number of a terminal frame outside any attempt's numbering: it is told, whatever was told before it. */
const seq = 1_000_000

/**
 * Sees to it that every turn ends and that every end is recorded, every few seconds until stopping: ends the turns nobody
 * else will, and tells again the ends that were lost with the worker that should have told them.
 */
export async function sweepStaleTurns(deps: SweepDeps): Promise<void> {
  const { config, log, stopping } = deps
  while (!stopping.aborted) {
    // Not all workers at once: what one has ended the next does not find.
    const pauseMs = config.SWEEP_INTERVAL_MS * (0.5 + Math.random())
    await sleep(pauseMs, undefined, { signal: stopping }).catch(() => {})
    if (stopping.aborted) return
    await sweepOnce(deps).catch((error: unknown) => log.warn({ err: error }, 'sweep failed'))
  }
}

async function sweepOnce({ database, config, prices, log, ...deps }: SweepDeps): Promise<void> {
  const interrupted = {
    type: 'error',
    seq,
    body: { error: errorCodes.interrupted.text, code: 'interrupted' },
  } as const
  const unsaid = makeUnsaidEnding({ accepted_at: new Date().toISOString() }, { config, prices })
  const stale = { interrupted, cancelled: { ...unsaid.terminal, seq } }
  const tell = async (turns: readonly StoredTurn[], why: string) => {
    for (const turn of turns.filter(isEnded)) {
      log.warn({ session_id: turn.session_id, attempt: turn.attempt, status: turn.status }, why)
      await announceEnd(turn, deps)
    }
  }
  await tell(await endOverdueTurns(stale, database), 'overdue turn ended')
  const deadlineMs = config.TURN_DEADLINE_MS + settleMarginMs
  await tell(await endLostTurns(stale, { deadlineMs }, database), 'lost turn ended')
  await tell(await listUnrecordedEnds(database), 'end told again')
  await deleteExpiredReservations(database)
}
