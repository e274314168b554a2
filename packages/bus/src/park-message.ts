import type { JsMsg } from '@nats-io/jetstream'
import { subjects, type DeadLetter, type DeadLetterCause } from '@omni2/contracts'
import type { Bus } from './bus.ts'

/** Moves a message that no service can use from its stream to the dead letters, with the reason. */
export async function parkMessage(
  message: JsMsg,
  { cause, detail, by }: { cause: DeadLetterCause; detail: string; by: string },
  { bus }: { bus: Pick<Bus, 'publishDurably'> },
): Promise<void> {
  const { stream, streamSequence, deliveryCount } = message.info
  const deadLetter: DeadLetter = {
    reason: `${cause}: ${detail}`,
    subject: message.subject,
    stream,
    stream_sequence: streamSequence,
    deliveries: deliveryCount,
    payload: Buffer.from(message.data).toString('base64'),
    parked_at: new Date().toISOString(),
    parked_by: by,
  }
  await bus.publishDurably(subjects.dead(stream), JSON.stringify(deadLetter), {
    id: `${stream}:${streamSequence}`,
  })
  // No reason in the ack: servers before 2.10.4 would not know such an ack and would deliver again.
  message.term()
}
