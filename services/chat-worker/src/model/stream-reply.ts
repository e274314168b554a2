import type { Anthropic } from '@anthropic-ai/sdk'
import { watchSilence } from './watch-silence.ts'
import { estimateTokens, noUsage, type Usage } from './prices.ts'

type MessageRequest = Anthropic.MessageCreateParamsNonStreaming

interface StreamDeps {
  client: Anthropic
  signal: AbortSignal
  /** Milliseconds of silence after which the stream counts as stalled. */
  stallMs: number
  /** Told of each piece of reply text as it comes; must not block. */
  onText: (text: string) => void
}

/** A reply as far as the model got. */
export interface ModelReply {
  text: string
  model: string
  /** Null when the stream ended before the model said why. */
  stopReason: string | null
  usage: Usage
  /** What cut the stream after it had begun; undefined when it came to its end. */
  failure: unknown
}

/** The stream ended without the model's `message_stop`. */
export class StreamCutError extends Error {
  override readonly name = 'StreamCutError'
}

/**
 * Streams one reply of the model. Rejects when the call fails before any event; after that a failure is returned with
 * what was said until then.
 */
export async function streamReply(request: MessageRequest, deps: StreamDeps): Promise<ModelReply> {
  using silence = watchSilence(deps.stallMs, deps.signal)
  const options = { signal: silence.signal, maxRetries: 0 }
  const stream = await deps.client.messages
    .create({ ...request, stream: true }, options)
    .catch((error: unknown) => {
      // The SDK reports an abort before the first byte as a failed connection.
      silence.signal.throwIfAborted()
      throw error
    })
  const reply: ModelReply = {
    text: '',
    model: request.model,
    stopReason: null,
    usage: noUsage,
    failure: undefined,
  }
  try {
    const ended = await readEvents(stream, reply, silence.heard, deps.onText)
    // An abort ends the SDK's iteration without an error.
    silence.signal.throwIfAborted()
    if (!ended) throw new StreamCutError('the model stream ended without message_stop')
  } catch (error) {
    reply.failure = error
    reply.usage = estimateCutUsage(reply, request)
  }
  return reply
}

async function readEvents(
  stream: AsyncIterable<Anthropic.RawMessageStreamEvent>,
  reply: ModelReply,
  heard: () => void,
  onText: (text: string) => void,
): Promise<boolean> {
  for await (const event of stream) {
    heard()
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      const text = makeStorable(event.delta.text)
      reply.text += text
      onText(text)
    } else if (event.type === 'message_start') {
      reply.model = event.message.model
      reply.usage = readStartUsage(event.message.usage)
    } else if (event.type === 'message_delta') {
      reply.stopReason = event.delta.stop_reason
      reply.usage = { ...reply.usage, output: event.usage.output_tokens }
    } else if (event.type === 'message_stop') return true
  }
  return false
}

/** Postgres holds neither NUL nor half a surrogate pair, and what is shown has to be what is stored. */
const makeStorable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()

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

function estimateCutUsage(reply: ModelReply, request: MessageRequest): Usage {
  const { usage } = reply
  if (reply.stopReason !== null) return usage
  const known = usage.input + usage.cacheRead + usage.cacheWrite > 0
  const input = known ? usage.input : estimateTokens(JSON.stringify(request.messages))
  return { ...usage, input, output: estimateTokens(reply.text), estimated: true }
}
