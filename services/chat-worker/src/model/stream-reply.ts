import type { Anthropic } from '@anthropic-ai/sdk'
import { makeStorable } from '../make-storable.ts'
import type { ToolRequest } from '../tools/toolbox.ts'
import { estimateCutUsage } from './estimate-usage.ts'
import { GatheredContent } from './gather-content.ts'
import type { ModelCircuit } from './model-circuit.ts'
import { noUsage, type Usage } from './prices.ts'
import { watchSilence } from './watch-silence.ts'

type MessageRequest = Anthropic.MessageCreateParamsNonStreaming
type StreamEvent = Anthropic.RawMessageStreamEvent

export interface StreamDeps {
  client: Anthropic
  circuit: Pick<ModelCircuit, 'run'>
  signal: AbortSignal
  /** Milliseconds of silence after which the stream counts as stalled. */
  stallMs: number
  /** Called for each event of the stream, before it is worked on. */
  onEvent: () => void
  /** Told of each piece of reply text as it comes; must not block. */
  onText: (text: string) => void
}

/** A reply as far as the model got. */
export interface ModelReply {
  /** Of the API; null where no event came. */
  id: string | null
  text: string
  model: string
  /** Null when the stream ended before the model said why. */
  stopReason: string | null
  usage: Usage
  /** Its blocks, to be given back in the next round. */
  content: Anthropic.ContentBlockParam[]
  toolRequests: ToolRequest[]
}

/** A reply and what cut its stream after it had begun; undefined when it came to its end. */
export type StreamedReply = ModelReply & { cut: unknown }

/** The stream ended without the model's `message_stop`. */
export class StreamCutError extends Error {
  override readonly name = 'StreamCutError'
}

/**
 * Streams one reply of the model. Rejects when the call fails before any event; after that a failure is returned with
 * what was said until then.
 */
export async function streamReply(request: MessageRequest, deps: StreamDeps): Promise<StreamedReply> {
  using silence = watchSilence(deps.stallMs, deps.signal)
  const events = await deps.circuit.run(() => openStream(request, silence.signal, deps))
  const content = new GatheredContent()
  const reply: StreamedReply = { ...makeEmptyReply(request.model), cut: undefined }
  try {
    const ended = await readEvents(events, reply, content, { ...deps, heard: silence.heard })
    // An abort ends the SDK's iteration without an error.
    silence.signal.throwIfAborted()
    if (!ended) throw new StreamCutError('the model stream ended without message_stop')
  } catch (error) {
    reply.cut = error
    reply.usage = estimateCutUsage(reply, request, content.estimateTokens())
  }
  return { ...reply, content: content.blocks(), toolRequests: content.toolRequests() }
}

/** A reply that never began. */
export const makeEmptyReply = (model: string): ModelReply => ({
  id: null,
  text: '',
  model,
  stopReason: null,
  usage: noUsage,
  content: [],
  toolRequests: [],
})

/** Resolves with the API's answer; an error that stands first in its stream counts as no answer. */
async function openStream(
  request: MessageRequest,
  signal: AbortSignal,
  { client }: Pick<StreamDeps, 'client'>,
): Promise<AsyncIterable<StreamEvent>> {
  try {
    const stream = await client.messages.create({ ...request, stream: true }, { signal, maxRetries: 0 })
    const events = stream[Symbol.asyncIterator]()
    return prepend(await events.next(), events)
  } catch (error) {
    // The SDK reports an abort before the first byte as a failed connection.
    signal.throwIfAborted()
    throw error
  }
}

/** The events of an iterator from which the first has been taken; leaving it ends the iterator too. */
async function* prepend(
  first: IteratorResult<StreamEvent>,
  rest: AsyncIterator<StreamEvent>,
): AsyncGenerator<StreamEvent> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

/** Reads to the end of the response, so that its connection serves the next one; whether the reply is whole. */
async function readEvents(
  events: AsyncIterable<StreamEvent>,
  reply: ModelReply,
  content: GatheredContent,
  { heard, onEvent, onText }: Pick<StreamDeps, 'onEvent' | 'onText'> & { heard: () => void },
): Promise<boolean> {
  let ended = false
  for await (const event of events) {
    heard()
    onEvent()
    content.add(event)
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      const text = makeStorable(event.delta.text)
      reply.text += text
      onText(text)
    } else if (event.type === 'message_start') {
      reply.id = event.message.id
      reply.model = event.message.model
      reply.usage = readStartUsage(event.message.usage)
    } else if (event.type === 'message_delta') {
      reply.stopReason = event.delta.stop_reason
      reply.usage = { ...reply.usage, output: event.usage.output_tokens }
    } else if (event.type === 'message_stop') ended = true
  }
  return ended
}

/** `message_start` counts the input; its output count is a placeholder until `message_delta`. */
function readStartUsage(usage: Anthropic.Usage): Usage {
  return {
    input: usage.input_tokens,
    cacheRead: usage.cache_read_input_tokens ?? 0,
    cacheWrite: usage.cache_creation_input_tokens ?? 0,
    output: 0,
    estimated: false,
  }
}
