import { PublishRefusedError, PublishUnknownError, type Bus } from '@omni2/bus'
import { makeFlowMessageId, subjects, type FlowMessage } from '@omni2/contracts'
import { retry } from '@omni2/service-kit'

/** Pause before a message is tried again after the stream was full, in milliseconds. */
const fullPauseMs = 1000

/**
 * Stores a flow message in its stream under its own id, so that a repetition changes nothing. While NATS is away or the
 * stream is full, it tries again. Throws PublishRefusedError for a message that the stream will never accept.
 */
export async function publishFlowMessage(
  message: FlowMessage,
  bus: Pick<Bus, 'publishDurably'>,
): Promise<void> {
  const id = makeFlowMessageId(message)
  const publish = () =>
    bus.publishDurably(subjects.flowEvents(message.session_id), JSON.stringify(message), { id })
  await retry(publish, {
    mayPass: (error) => isFull(error) || error instanceof PublishUnknownError,
    pauseMs: (_, error) => (isFull(error) ? fullPauseMs : 0),
  })
}

const isFull = (error: unknown): boolean => error instanceof PublishRefusedError && error.isFull
