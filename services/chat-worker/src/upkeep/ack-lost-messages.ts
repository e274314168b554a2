import type { Bus, JetStreamManager } from '@omni2/bus'
import { consumers } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'

interface AckDeps {
  readonly bus: Pick<Bus, 'publish' | 'flush'>
  readonly manager: Pick<JetStreamManager, 'consumers' | 'streams'>
  readonly log: Pick<Logger, 'info'>
}

/** Messages that one call acknowledges at most; the next one goes on. */
const mostAcked = 100

/**
 * Acknowledges messages that the queue's consumer waits for and its stream does not have any more. A nats-server that was
 * killed may lose an acknowledgement, and keep that the message was deleted for it. Until then every later message counts
 * as unacknowledged, and the place of the lost one is taken (seen with 2.9.10).
 */
export async function ackLostMessages({ bus, manager, log }: AckDeps): Promise<void> {
  const { stream, durable_name } = consumers['chat-worker']
  let acked = 0
  for (; acked < mostAcked; acked += 1) {
    const { ack_floor, num_ack_pending } = await manager.consumers.info(stream, durable_name)
    if (num_ack_pending === 0) break
    // Everything up to the floor is acknowledged, so the next one is what the consumer waits for.
    const seq = ack_floor.stream_seq + 1
    if ((await manager.streams.getMessage(stream, { seq })) !== null) break
    bus.publish(makeAckSubject(seq), '+ACK')
    await bus.flush()
  }
  if (acked > 0) log.info({ messages: acked }, 'messages acknowledged that the queue has lost')
}

/** Where a delivery of a message is acknowledged: stream, consumer, deliveries, two sequences, time, what waits (ADR-15). */
function makeAckSubject(seq: number): string {
  const { stream, durable_name } = consumers['chat-worker']
  return `$JS.ACK.${stream}.${durable_name}.1.${seq}.${seq}.${Date.now()}000000.0`
}
