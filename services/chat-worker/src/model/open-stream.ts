import { APIError, type Anthropic } from '@anthropic-ai/sdk'
import { readEvents } from './read-events.ts'
import type { StreamEvent } from './stream-event.ts'
import type { SilenceWatch } from './watch-silence.ts'

/** The stream is not, or not to its end, what the API sends. */
export class StreamCutError extends Error {
  override readonly name = 'StreamCutError'
}

type Batch = readonly StreamEvent[]

/** Resolves with the API's answer once it has begun; an error that stands first in its stream counts as no answer. */
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
    // The SDK's own reader hides pings, and reads on behind the end of the message.
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

/** Throws an `error` event in its place, as the SDK would, and one that cannot be read. */
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

/** The batches of an iterator from which the first has been taken; leaving it ends the iterator too. */
async function* prepend(first: IteratorResult<Batch>, rest: AsyncIterator<Batch>): AsyncGenerator<Batch> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}
