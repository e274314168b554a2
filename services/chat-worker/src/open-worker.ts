import { answerStatus, ensureStreams, keepStreams, Slots, type Bus } from '@omni2/bus'
import { requests, subjects } from '@omni2/contracts'
import type { Database } from '@omni2/db'
import type { Rates } from '@omni2/rates'
import {
  Gate,
  TerminalError,
  withDeadline,
  type Logger,
  type Readiness,
  type Watchdog,
} from '@omni2/service-kit'
import { admitConnection } from './requests/admit-connection.ts'
import { answerCancelRequest } from './requests/answer-cancel-request.ts'
import { answerRecheckRequest } from './requests/answer-recheck-request.ts'
import { answerResultRequest } from './requests/answer-result-request.ts'
import { answerToolCallRequest } from './requests/answer-tool-call-request.ts'
import { answerToolsRequest } from './requests/answer-tools-request.ts'
import { checkPayloadRoom } from './queue/check-payload-room.ts'
import type { Config } from './config.ts'
import { DatabaseGate } from './signals/database-gate.ts'
import { openConnectionCounter } from './limits/count-connections.ts'
import { openRequestCounter } from './limits/count-requests.ts'
import { LiveTurns } from './attempt/live-turns.ts'
import { toolStates, type WorkerMetrics } from './metrics.ts'
import { classifyFailure } from './model/classify-failure.ts'
import { openClient } from './model/open-client.ts'
import { ModelCircuit } from './model/model-circuit.ts'
import { CurrentPrice } from './model/current-price.ts'
import { RecentOutcomes } from './outcome/recent-outcomes.ts'
import { FlushTick } from './reply/flush-tick.ts'
import { restoreReplies } from './upkeep/restore-replies.ts'
import { sweepStaleTurns } from './upkeep/sweep-stale-turns.ts'
import { takeTurns } from './queue/take-turns.ts'
import { openToolbox } from './tools/open-toolbox.ts'
import { watchRights } from './upkeep/watch-rights.ts'
import { watchWorkers } from './upkeep/watch-workers.ts'
import { watchStreams } from './queue/watch-streams.ts'

interface WorkerDeps {
  config: Config
  worker: string
  bus: Bus
  database: Database
  rates: Rates
  readiness: Readiness
  stopping: AbortSignal
  watchdog: Pick<Watchdog, 'note'>
  metrics: WorkerMetrics
  log: Logger
}

/** The part of the shutdown deadline for running turns; then other workers get them. */
const turnsShare = 0.8

/** Opens the worker, which answers edges and takes turns. Its disposal lets running turns end first. */
export async function openWorker(deps: WorkerDeps): Promise<AsyncDisposable> {
  const { config, bus, database, readiness, stopping, metrics, log } = deps
  const manager = await bus.openManager()
  const ensure = () =>
    ensureStreams(manager, {
      streams: ['CHAT_TURNS', 'FLOW_EVENTS', 'DEAD_LETTERS'],
      consumer: 'chat-worker',
      replicas: config.NATS_STREAM_REPLICAS,
    })
  await ensureFirst(ensure, deps)
  checkPayloadRoom(bus, log)

  const gate = new DatabaseGate(database, { log, readiness, stopping })
  const slots = new Slots(config.WORKER_TURNS)
  const room = new Gate()
  const tick = new FlushTick({ metrics })
  const liveTurns = new LiveTurns()
  const recentOutcomes = new RecentOutcomes()
  const client = openClient(config)
  const circuit = new ModelCircuit({
    failures: config.MODEL_BREAKER_FAILURES,
    pauseMs: config.MODEL_BREAKER_OPEN_MS,
    isOutage: (error) => classifyFailure(error).isOutage,
    log,
  })
  const toolbox = openToolbox({ config, database, gate, log })
  metrics.turnSlots.set(config.WORKER_TURNS)
  metrics.modelCircuitOpen.readFrom(() => Number(circuit.isOpen))
  metrics.toolCircuitsOpen.readFrom(() => toolbox.countLeftAlone())
  for (const state of toolStates) metrics.tools.readFrom(() => toolbox.countTools()[state], { state })
  const price = new CurrentPrice({ ...deps, gate })
  const requestCounter = openRequestCounter(deps.rates)
  const connections = openConnectionCounter(config, deps.rates)
  const work = {
    ...deps,
    ensure,
    manager,
    requests: requestCounter,
    connections,
    gate,
    slots,
    room,
    tick,
    liveTurns,
    recentOutcomes,
    client,
    circuit,
    toolbox,
    price,
  }

  bus.answer(requests.open, (request) => gate.unlessAway(() => admitConnection(request, work)))
  bus.answer(requests.recheck, (request) => gate.unlessAway(() => answerRecheckRequest(request, database)))
  bus.answer(requests.result, (request) => gate.unlessAway(() => answerResultRequest(request, database)))
  bus.answer(requests.cancel, (request) => answerCancelRequest(request, work))
  bus.answer(requests.tools, (request) => answerToolsRequest(request, work))
  bus.answer(requests.toolCall, (request) => answerToolCallRequest(request, work))
  answerStatus(bus, {
    service: 'chat-worker',
    instance: deps.worker,
    readiness,
    counts: () => ({ turns_running: liveTurns.size, turn_slots: config.WORKER_TURNS }),
  })
  bus.subscribe(subjects.controlOfTools, () => toolbox.refresh())
  bus.subscribe(subjects.controlOfPrices, () => price.refresh())
  bus.listen({
    onLost: () => readiness.miss('nats', 'connection lost'),
    onRestored: (awayMs) => {
      readiness.meet('nats')
      price.refresh()
      restoreReplies(awayMs, work)
    },
  })
  const rights = watchRights(work)
  const loops = [
    takeTurns(work, stopping),
    price.watch(),
    sweepStaleTurns(work),
    watchWorkers(work),
    keepStreams({ ...work, check: ensure }),
    watchStreams(manager, { metrics, log, stopping, onRoom: (hasRoom) => room.set(hasRoom) }),
  ]
  return { [Symbol.asyncDispose]: () => closeWorker(loops, { ...work, rights }) }
}

/** A NATS server without streams may have them soon. A difference from the contracts does not correct itself. */
async function ensureFirst(
  ensure: () => Promise<void>,
  { readiness, log }: Pick<WorkerDeps, 'readiness' | 'log'>,
): Promise<void> {
  try {
    await ensure()
    readiness.meet('turns')
  } catch (error) {
    if (error instanceof TerminalError) throw error
    log.warn({ err: error }, 'no streams yet')
  }
}

/** Running turns get most of the deadline to end. The others go back to the queue for other workers. */
async function closeWorker(
  loops: Promise<void>[],
  {
    config,
    slots,
    liveTurns,
    tick,
    log,
    rights,
    toolbox,
  }: WorkerDeps & {
    slots: Slots
    liveTurns: LiveTurns
    tick: FlushTick
    rights: Disposable
    toolbox: AsyncDisposable
  },
): Promise<void> {
  const ended = Promise.all(loops).then(() => slots.emptied())
  const giveTurnsBack = () => {
    log.warn({ turns: slots.taken }, 'giving running turns to other workers')
    for (const attempt of liveTurns.attempts()) attempt.stop('shutdown')
  }
  await withDeadline(ended, { ms: config.SHUTDOWN_DEADLINE_MS * turnsShare, late: giveTurnsBack })
  await ended
  rights[Symbol.dispose]()
  await toolbox[Symbol.asyncDispose]()
  tick[Symbol.dispose]()
}
