import { JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream'
import { InvalidArgumentError } from '@nats-io/transport-node'
import { retry } from '@omni2/service-kit'
import { PublishRefusedError, PublishUnknownError } from './bus-errors.ts'
import { makeTraceHeaders } from './trace-headers.ts'

export interface DurableOptions {
  /** The stream keeps one message of an id within its window, so every try counts once. */
  id: string
  signal?: AbortSignal
}

export interface DurableAck {
  /** The stream had the id already: from an earlier try, or from another sender of the same message. */
  duplicate: boolean
  /** Where the stream keeps the message, or had kept the one with this id. */
  seq: number
}

/** JetStream API errors of a stream or server without room: maximum messages, maximum bytes, storage resources. */
const fullCodes = new Set([10077, 10047, 10023, 10028])

/**
 * JetStream API errors of a stream that no server can store to right now: no quorum, no leader, JetStream off for the
 * server or the account, stream offline. Whether an earlier try was stored is not known.
 */
const awayCodes = new Set([10008, 10009, 10076, 10039, 10118])

/** JetStream API error of a message that is larger than its stream takes. */
const tooLargeCode = 10054

const tries = 5
const firstPauseMs = 50

/**
 * Stores a message and waits for the stream's acknowledgement, trying again with the same id; what runs in a span names
 * it in the message's headers. Throws PublishRefusedError when the stream refused, PublishUnknownError when no try was
 * answered.
 */
export async function publishDurably(
  client: JetStreamClient,
  subject: string,
  payload: Uint8Array | string,
  { id, signal }: DurableOptions,
): Promise<DurableAck> {
  const options = { msgID: id, ...makeTraceHeaders() }
  const publish = async () => {
    try {
      const { duplicate, seq } = await client.publish(subject, payload, options)
      return { duplicate, seq }
    } catch (error) {
      throw describeFailure(error, subject)
    }
  }
  return retry(publish, {
    tries,
    pauseMs: (tried) => firstPauseMs * 2 ** tried,
    mayPass: (error) => error instanceof PublishUnknownError && !signal?.aborted,
  })
}

function describeFailure(error: unknown, subject: string): PublishRefusedError | PublishUnknownError {
  if (error instanceof JetStreamApiError && !awayCodes.has(error.code))
    return new PublishRefusedError(subject, {
      isFull: fullCodes.has(error.code),
      isTooLarge: error.code === tooLargeCode,
      cause: error,
    })
  // The client itself refuses what is larger than the server's max_payload.
  if (error instanceof InvalidArgumentError)
    return new PublishRefusedError(subject, { isTooLarge: true, cause: error })
  return new PublishUnknownError(subject, error)
}
