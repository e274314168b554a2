import { setTimeout as sleep } from 'node:timers/promises'
import { PublishRefusedError, PublishUnknownError, type Bus } from '@omni2/bus'
import { makeFlowMessageId, subjects, type FlowMessage } from '@omni2/contracts'

/** Pause before a message is tried again that found the stream full, in milliseconds. */
const fullPauseMs = 1000

/**
 * Stores a flow message in its stream under its own id, so that a second time changes nothing: while NATS is away, or the
 * stream is full, it is tried until that is over. Throws PublishRefusedError for what the stream will never take.
 */
export async function publishFlowMessage(
  message: FlowMessage,
  bus: Pick<Bus, 'publishDurably'>,
): Promise<void> {
  const id = makeFlowMessageId(message)
  for (;;) {
    try {
      await bus.publishDurably(subjects.flowEvents(message.session_id), JSON.stringify(message), { id })
      return
    } catch (error) {
      if (error instanceof PublishRefusedError && error.isFull) await sleep(fullPauseMs)
      else if (!(error instanceof PublishUnknownError)) throw error
    }
  }
}
