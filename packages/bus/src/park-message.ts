import type { JsMsg } from '@nats-io/jetstream'
import { subjects, type DeadLetter, type DeadLetterCause } from '@omni2/contracts'
import type { Bus } from './bus.ts'

/** Keeps a message nobody can use in the dead letters, with why, and takes it out of its stream. */
export async function parkMessage(
  message: JsMsg,
  { cause, detail, by }: { cause: DeadLetterCause; detail: string; by: string },
  { bus }: { bus: Pick<Bus, 'publishDurably'> },
): Promise<void> {
  const { stream, streamSequence, deliveryCount } = message.info
  const letter: DeadLetter = {
    reason: `${cause}: ${detail}`,
    subject: message.subject,
    stream,
    stream_sequence: streamSequence,
    deliveries: deliveryCount,
    payload: Buffer.from(message.data).toString('base64'),
    parked_at: new Date().toISOString(),
    parked_by: by,
  }
  await bus.publishDurably(subjects.dead(stream), JSON.stringify(letter), {
    id: `${stream}:${streamSequence}`,
  })
  // Without a reason: servers before 2.10.4 would take it for an unknown ack and deliver again.
  message.term()
}
