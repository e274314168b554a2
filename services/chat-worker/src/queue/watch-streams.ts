import { setTimeout as sleep } from 'node:timers/promises'
import type { JetStreamManager } from '@omni2/bus'
import { consumers, streams } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import type { WorkerMetrics } from '../metrics.ts'

/** Part of FLOW_EVENTS above which the worker takes no turn, because its events might not fit. */
const fullPart = 0.8
const intervalMs = 10_000

interface WatchDeps {
  readonly log: Logger
  readonly stopping: AbortSignal
  readonly metrics: Pick<WorkerMetrics, 'flowEventsUsed' | 'queuedTurns'>
  readonly onRoom: (hasRoom: boolean) => void
}

/**
 * Watches how full FLOW_EVENTS is and how many turns wait, until the worker stops. Calls `onRoom` after each reading;
 * after an error with the state before it.
 */
export async function watchStreams(manager: JetStreamManager, deps: WatchDeps): Promise<void> {
  const { log, stopping, metrics, onRoom } = deps
  let hadRoom = true
  while (!stopping.aborted) {
    const part = await readFullness(manager).catch(() => undefined)
    if (part !== undefined) metrics.flowEventsUsed.set(part)
    const hasRoom: boolean = part === undefined ? hadRoom : part < fullPart
    if (hasRoom !== hadRoom)
      log.warn({ has_room: hasRoom }, 'flow events nearly full changed: turns wait while it is')
    hadRoom = hasRoom
    onRoom(hasRoom)
    await countQueued(manager).then(
      (turns) => metrics.queuedTurns.set(turns),
      () => {},
    )
    await sleep(intervalMs, undefined, { signal: stopping }).catch(() => {})
  }
}

async function readFullness(manager: JetStreamManager): Promise<number> {
  const { state } = await manager.streams.info('FLOW_EVENTS')
  return state.bytes / streams.FLOW_EVENTS.max_bytes
}

/** True if no turn waits in the queue and no worker has one; false if that is unknown. */
export async function isQueueEmpty(manager: JetStreamManager): Promise<boolean> {
  const { stream, durable_name } = consumers['chat-worker']
  return manager.consumers.info(stream, durable_name).then(
    ({ num_pending, num_ack_pending }) => num_pending + num_ack_pending === 0,
    () => false,
  )
}

async function countQueued(manager: JetStreamManager): Promise<number> {
  const { stream, durable_name } = consumers['chat-worker']
  const { num_pending } = await manager.consumers.info(stream, durable_name)
  return num_pending
}
