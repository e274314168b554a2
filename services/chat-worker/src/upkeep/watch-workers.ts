import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { returnMessage, type Bus } from '@omni2/bus'
import { subjects, workerSignSchema } from '@omni2/contracts'
import { listTurnsOfWorkers, takeAckSubjects, type Database } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import type { WorkerMetrics } from '../metrics.ts'
import { askOwner } from '../queue/ask-owner.ts'
import type { DatabaseGate } from '../signals/database-gate.ts'
import { announceMs, KnownWorkers } from './known-workers.ts'

interface WatchDeps {
  bus: Pick<Bus, 'publish' | 'hear' | 'request'>
  database: Database
  gate: Pick<DatabaseGate, 'retryWhileAway'>
  metrics: Pick<WorkerMetrics, 'returnedTurns'>
  worker: string
  log: Logger
  stopping: AbortSignal
}

/** How long the owner of a turn has to answer, in milliseconds. Without an owner NATS answers at once. */
const aliveTimeoutMs = 500

/**
 * Announces this worker to the others, and returns the turns of workers that died to the queue, until this worker
 * stops. A silent worker is only suspected: a turn is returned when NATS answers that its owner has no connection any
 * more. A frozen owner still has one, and its turns are delivered again after the ack_wait of the queue.
 */
export async function watchWorkers(deps: WatchDeps): Promise<void> {
  const { bus, database, gate, worker, stopping, log } = deps
  const sign = { worker, process: randomUUID() }
  const known = new KnownWorkers(sign.process)
  const hearing = bus.hear(subjects.workers, workerSignSchema, (heard) =>
    known.hear(heard, performance.now()),
  )
  let isFirst = true
  while (!stopping.aborted) {
    bus.publish(subjects.workers, JSON.stringify(sign))
    try {
      if (isFirst) await gate.retryWhileAway(() => suspectOwners(known, database))
      isFirst = false
      await gate.retryWhileAway(() => returnTurns(known, deps))
    } catch (error) {
      log.warn({ err: error }, 'turns of silent workers not read')
    }
    await sleep(announceMs, undefined, { signal: stopping }).catch(() => {})
  }
  hearing.unsubscribe()
}

/** Workers may have died before this one began to listen, this one's predecessor included. */
async function suspectOwners(known: KnownWorkers, database: Database): Promise<void> {
  const turns = await listTurnsOfWorkers('all', database)
  for (const { worker } of turns) known.suspect(worker, performance.now())
}

async function returnTurns(known: KnownWorkers, deps: WatchDeps): Promise<void> {
  const { bus, database, metrics, log } = deps
  const silent = known.silent(performance.now())
  if (silent.length === 0) return
  const turns = await listTurnsOfWorkers(silent, database)
  const ask = { bus, timeoutMs: aliveTimeoutMs }
  const asked = await Promise.all(turns.map(async (turn) => ({ turn, owner: await askOwner(turn, ask) })))
  const ownerless = asked.filter(({ owner }) => owner === 'gone').map(({ turn }) => turn)
  const ackSubjects = ownerless.length === 0 ? [] : await takeAckSubjects(ownerless, database)
  for (const ackSubject of ackSubjects) returnMessage(ackSubject, bus)
  if (ackSubjects.length > 0) {
    metrics.returnedTurns.add(ackSubjects.length)
    log.warn({ workers: silent, turns: ackSubjects.length }, 'turns of dead workers returned to the queue')
  }
  const frozen = new Set(asked.filter(({ owner }) => owner === 'silent').map(({ turn }) => turn.worker))
  for (const worker of silent) if (!frozen.has(worker)) known.forget(worker, performance.now())
}
