import { setTimeout as sleep } from 'node:timers/promises'
import type { JetStreamManager } from '@omni2/bus'
import { consumers, streams } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import type { WorkerMetrics } from '../metrics.ts'

/** Part of FLOW_EVENTS above which no turn is taken: its events might find no room. */
const fullPart = 0.8
const intervalMs = 10_000

interface WatchDeps {
  readonly log: Logger
  readonly stopping: AbortSignal
  readonly metrics: Pick<WorkerMetrics, 'flowEventsUsed' | 'queuedTurns'>
  readonly onRoom: (hasRoom: boolean) => void
}

/** Watches how full FLOW_EVENTS is and how many turns wait. `hasRoom` is told until stopping; errors leave it as it is. */
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

/** True when no turn waits in the queue and no worker has one; false also while that is not known. */
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
