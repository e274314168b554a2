import { APIError, type Anthropic } from '@anthropic-ai/sdk'
import { readEvents } from './read-events.ts'
import type { StreamEvent } from './stream-event.ts'
import type { SilenceWatch } from './watch-silence.ts'

/** The stream is not a valid stream of the API, or it ends too early. */
export class StreamCutError extends Error {
  override readonly name = 'StreamCutError'
}

type Batch = readonly StreamEvent[]

/**
 * Resolves with the answer of the API once it has begun. An error as the first event of the stream counts as no answer.
 */
export async function openStream(
  request: Anthropic.MessageCreateParamsNonStreaming,
  silence: Pick<SilenceWatch, 'signal' | 'alive'>,
  { client, onWork }: { client: Anthropic; onWork: () => void },
): Promise<AsyncIterable<Batch>> {
  const { signal } = silence
  const onBytes = () => {
    silence.alive()
    onWork()
  }
  try {
    // The reader of the SDK hides pings, and reads on after the end of the message.
    const sent = client.messages.create({ ...request, stream: true }, { signal, maxRetries: 0 })
    const response = await sent.asResponse()
    const batches = raiseErrors(readEvents(response, onBytes), response.headers)
    return prepend(await batches.next(), batches)
  } catch (error) {
    // The SDK reports an abort before the first byte as a failed connection.
    signal.throwIfAborted()
    throw error
  }
}

/** Throws for an `error` event, as the SDK does, and for an unreadable one. */
async function* raiseErrors(batches: AsyncIterable<Batch>, headers: Headers): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    const index = batch.findIndex(({ type }) => type === 'error' || type === 'unreadable')
    if (index === -1) {
      yield batch
      continue
    }
    if (index > 0) yield batch.slice(0, index)
    const fault = batch[index]
    if (fault?.type === 'error') throw new APIError(undefined, fault, undefined, headers)
    throw new StreamCutError('an event of the stream cannot be read')
  }
}

/** The batches of an iterator whose first batch has been taken. Leaving it also ends the iterator. */
async function* prepend(first: IteratorResult<Batch>, rest: AsyncIterator<Batch>): AsyncGenerator<Batch> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}
