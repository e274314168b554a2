import type { Anthropic } from '@anthropic-ai/sdk'
import { EventStream, StreamCutError } from './event-stream.ts'
import { bodyOf } from './open-client.ts'
import type { SilenceWatch } from './watch-silence.ts'

/**
 * Resolves with the answer of the API once it has begun. An error as the first event of the stream counts as no answer.
 */
export async function openStream(
  request: Anthropic.MessageCreateParamsNonStreaming,
  silence: Pick<SilenceWatch, 'signal' | 'alive'>,
  { client, onWork }: { client: Anthropic; onWork: () => void },
): Promise<EventStream> {
  const { signal } = silence
  const onBytes = () => {
    silence.alive()
    onWork()
  }
  try {
    // The reader of the SDK hides pings, and reads on after the end of the message.
    const sent = client.messages.create({ ...request, stream: true }, { signal, maxRetries: 0 })
    const response = await sent.asResponse()
    const body = bodyOf(response)
    if (!body) throw new StreamCutError('the answer is no stream')
    const stream = new EventStream({ body, headers: response.headers, signal, onBytes })
    await stream.begun
    return stream
  } catch (error) {
    // The SDK reports an abort before the first byte as a failed connection.
    signal.throwIfAborted()
    throw error
  }
}
