import { setTimeout as delay } from 'node:timers/promises'
import type { JetStreamManager } from '@omni2/bus'
import { consumers } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'

interface DropDeps {
  readonly manager: Pick<JetStreamManager, 'consumers' | 'streams'>
  readonly log: Pick<Logger, 'info' | 'debug'>
}

const everyMs = 60_000

/** Deletes recorded messages that a killed nats-server has kept, again and again, until stopping. */
export async function keepStreamEmpty({
  stopping,
  ...deps
}: DropDeps & { readonly stopping: AbortSignal }): Promise<void> {
  while (!stopping.aborted) {
    // Recorders do so at different times.
    const pauseMs = everyMs * (0.5 + Math.random())
    await delay(pauseMs, undefined, { signal: stopping, ref: false }).catch(() => {})
    if (stopping.aborted) return
    await dropRecordedMessages(deps).catch((err: unknown) => deps.log.debug({ err }, 'messages not deleted'))
  }
}

/**
 * Deletes the messages of the stream up to the last one before which all are acknowledged. A nats-server that was killed
 * may keep an acknowledgement, and lose that it had deleted the message: those would fill the stream in time.
 */
export async function dropRecordedMessages({ manager, log }: DropDeps): Promise<void> {
  const { stream, durable_name } = consumers['flow-recorder']
  // In this order: what is acknowledged after the first answer stays until the next time.
  const { ack_floor } = await manager.consumers.info(stream, durable_name)
  const { state } = await manager.streams.info(stream)
  if (state.messages === 0 || state.first_seq > ack_floor.stream_seq) return
  const { purged } = await manager.streams.purge(stream, { seq: ack_floor.stream_seq + 1 })
  log.info({ messages: purged }, 'recorded messages deleted from the stream')
}
