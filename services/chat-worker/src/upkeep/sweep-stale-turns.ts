import { setTimeout as sleep } from 'node:timers/promises'
import type { Bus, JetStreamManager } from '@omni2/bus'
import { errorCodes } from '@omni2/contracts'
import {
  deleteExpiredReservations,
  deleteRefusedTurns,
  deleteOldStalls,
  endLostTurns,
  endOverdueTurns,
  listOverdueTurns,
  listUnrecordedEnds,
  sumReservations,
  type Database,
  type OverdueTurn,
  type StoredTurn,
} from '@omni2/db'
import { TerminalError, type Logger } from '@omni2/service-kit'
import { isEnded, type EndedTurn } from '../outcome/ended-turn.ts'
import { FlowLog } from '../record/flow-log.ts'
import { publishOutcome, sendOutcome, type AnnounceDeps } from '../outcome/publish-outcome.ts'
import type { Config } from '../config.ts'
import { ackLostMessages } from './ack-lost-messages.ts'
import { dropHandledMessages } from './drop-handled-messages.ts'
import { makeUnansweredOutcome } from '../outcome/make-outcome.ts'
import type { WorkerMetrics } from '../metrics.ts'
import { settleMarginMs } from '../signals/turn-stop.ts'
import { askOwner } from '../queue/ask-owner.ts'
import { isQueueEmpty } from '../queue/watch-streams.ts'

interface SweepDeps extends AnnounceDeps {
  bus: AnnounceDeps['bus'] & Pick<Bus, 'flush' | 'request'>
  database: Database
  manager: JetStreamManager
  config: Pick<Config, 'SWEEP_INTERVAL_MS' | 'TURN_DEADLINE_MS' | 'REFUSED_TURNS_DAYS' | 'MODEL'>
  metrics: AnnounceDeps['metrics'] &
    Pick<WorkerMetrics, 'sweeps' | 'sweptTurns' | 'reservations' | 'reservedCost'>
  log: Logger
  stopping: AbortSignal
}

/**
 * Age of a turn without a row at which it counts as lost while the queue is empty, in milliseconds. Its message was
 * lost with the store of the queue, because a worker acknowledges a message only after it has written the row.
 */
const lostMessageMs = 30_000

/** Number of a terminal frame, and of the events before the last, above those of all attempts: it comes after any other. */
const seq = 1_000_000

/**
 * Makes sure that every turn ends and that every end is recorded. Every few seconds, until the worker stops, it ends
 * the turns that no worker will end, publishes the ends again that were lost with their workers, and deletes turns that
 * were refused long ago.
 */
export async function sweepStaleTurns(deps: SweepDeps): Promise<void> {
  const { config, stopping } = deps
  while (!stopping.aborted) {
    // Workers sweep at different times, so that one does not find turns that another has just ended.
    const pauseMs = config.SWEEP_INTERVAL_MS * (0.5 + Math.random())
    await sleep(pauseMs, undefined, { signal: stopping }).catch(() => {})
    if (stopping.aborted) return
    await sweepAndCount(deps)
  }
}

async function sweepAndCount(deps: SweepDeps): Promise<void> {
  const { metrics, log } = deps
  try {
    await sweepOnce(deps)
    metrics.sweeps.add(1, { result: 'ok' })
  } catch (error) {
    log.warn({ err: error }, 'sweep failed')
    metrics.sweeps.add(1, { result: 'failed' })
  }
}

async function sweepOnce(deps: SweepDeps): Promise<void> {
  const { database, manager, config, metrics, log } = deps
  const interrupted = {
    type: 'error',
    seq,
    body: { error: errorCodes.interrupted.text, code: 'interrupted' },
  } as const
  const unsaid = makeUnansweredOutcome({ accepted_at: new Date().toISOString() }, { config })
  const stale = { interrupted, cancelled: { ...unsaid.terminal, seq } }
  const isEmpty = await isQueueEmpty(manager)
  const deadlineMs = isEmpty ? lostMessageMs : config.TURN_DEADLINE_MS + settleMarginMs
  await publishSwept(await endOverdueTurns(await listUnowned(deps), stale, database), 'overdue', deps)
  await publishSwept(await endLostTurns(stale, { deadlineMs }, database), 'lost', deps)
  await publishSwept(await listUnrecordedEnds(database), 'unrecorded', deps)
  await deleteExpiredReservations(database)
  const deleted = await deleteRefusedTurns({ days: config.REFUSED_TURNS_DAYS }, database)
  if (deleted > 0) log.info({ count: deleted }, 'refused turns deleted')
  await deleteOldStalls(database)
  await ackLostMessages(deps)
  await dropHandledMessages(deps)
  const reserved = await sumReservations(database)
  metrics.reservations.set(reserved.count)
  metrics.reservedCost.set(reserved.amount_usd)
}

/** How long an owner has to answer, in milliseconds. */
const aliveTimeoutMs = 1000

/**
 * Overdue turns that no living worker has. A living one ends its turn at the deadline itself, by a clock that cannot be
 * set; that of Postgres can.
 */
async function listUnowned({ database, bus }: SweepDeps): Promise<OverdueTurn[]> {
  const turns = await listOverdueTurns(database)
  const ask = { bus, timeoutMs: aliveTimeoutMs }
  const asked = await Promise.all(turns.map(async (turn) => ({ turn, owner: await askOwner(turn, ask) })))
  return asked.filter(({ owner }) => owner !== 'alive').map(({ turn }) => turn)
}

const phrases = {
  overdue: 'overdue turn ended',
  lost: 'lost turn ended',
  unrecorded: 'end published again',
} as const

/** Publishes the ends of the turns found. Their cost is estimated in their rows, and not part of the metrics. */
async function publishSwept(
  turns: readonly StoredTurn[],
  reason: keyof typeof phrases,
  { metrics, log, ...deps }: SweepDeps,
): Promise<void> {
  for (const turn of turns.filter(isEnded)) {
    const { session_id, attempt, status } = turn
    log.warn({ session_id, attempt, status }, phrases[reason])
    metrics.sweptTurns.add(1, { reason })
    const publish = async () => {
      if (reason === 'unrecorded') return sendOutcome(turn, deps)
      await recordEnd(turn, phrases[reason], deps)
      await publishOutcome(turn, {}, { ...deps, metrics })
    }
    await publish().catch((err: unknown) => {
      if (!(err instanceof TerminalError)) throw err
      // The other turns must not wait for an end that cannot be published.
      log.error({ err, session_id }, 'end not recorded')
    })
  }
}

/** The last event of a turn that the sweep ends, behind all that its attempt has recorded. */
async function recordEnd(turn: EndedTurn, detail: string, { bus }: Pick<SweepDeps, 'bus'>): Promise<void> {
  const log = new FlowLog(turn, turn.attempt, bus, { ordinal: seq })
  const { status, terminal } = turn
  log.record('error', { outcome: 'failed', data: { code: terminal.body.code ?? status, status, detail } })
  await log.stored()
}
