import { setTimeout as delay } from 'node:timers/promises'
import type { Bus } from '@omni2/bus'
import { consumers } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import type { RecorderMetrics } from '../metrics.ts'

interface Deps {
  readonly bus: Pick<Bus, 'openManager'>
  readonly metrics: Pick<RecorderMetrics, 'pendingMessages'>
  readonly stopping: AbortSignal
  readonly log: Logger
}

const everyMs = 2000

/**
 * Asks the server again and again, until stopping, how many messages wait; while it is away the last answer stays
 * valid.
 */
export async function watchPending({ bus, metrics, stopping, log }: Deps): Promise<void> {
  const { stream, durable_name } = consumers['flow-recorder']
  while (!stopping.aborted) {
    try {
      const manager = await bus.openManager()
      const { num_pending, num_ack_pending } = await manager.consumers.info(stream, durable_name)
      metrics.pendingMessages.set(num_pending + num_ack_pending)
    } catch (err) {
      log.debug({ err }, 'pending messages not known')
    }
    await delay(everyMs, undefined, { signal: stopping, ref: false }).catch(() => {})
  }
}
