import type { Anthropic } from '@anthropic-ai/sdk'
import type { ToolRequest } from '../tools/toolbox.ts'
import { completeUsage } from './estimate-usage.ts'
import { AccumulatedContent } from './accumulate-content.ts'
import type { ModelCircuit } from './model-circuit.ts'
import { StreamCutError, type EventStream } from './event-stream.ts'
import { openStream } from './open-stream.ts'
import { noUsage, type Usage } from '../prices.ts'
import { readCounts, type CountedUsage } from './read-counts.ts'
import type { StreamEvent } from './stream-event.ts'
import { SilenceWatch } from './watch-silence.ts'

export interface StreamDeps {
  client: Anthropic
  circuit: Pick<ModelCircuit, 'run'>
  signal: AbortSignal
  /** Milliseconds of silence after which the stream counts as stalled. */
  stallMs: number
  /** Called before each piece of work on data of the stream. */
  onWork: () => void
  /** Receives each piece of reply text as it arrives; must not block. */
  onText: (text: string) => void
}

/** A reply, complete or partial. */
export interface ModelReply {
  /** Of the API; null where no event came. */
  id: string | null
  text: string
  model: string
  /** Null if the stream ended before the stop reason. */
  stopReason: string | null
  usage: Usage
  /** Its blocks, which the next round sends back. */
  content: Anthropic.ContentBlockParam[]
  toolRequests: ToolRequest[]
}

/** A reply and the failure that cut its stream; undefined if the stream was complete. */
export type StreamedReply = ModelReply & { cut: unknown }

/**
 * Streams one reply of the model. Rejects if the call fails before any event. A later failure is returned with the
 * reply so far.
 */
export async function streamReply(
  request: Anthropic.MessageCreateParamsNonStreaming,
  deps: StreamDeps,
): Promise<StreamedReply> {
  using silence = new SilenceWatch(deps.stallMs, deps.signal)
  using events = await deps.circuit.run(() => openStream(request, silence, deps))
  const reply = new StreamingReply(request.model, deps.onText)
  let cut: unknown
  try {
    await follow(events, reply, silence)
  } catch (error) {
    // No text follows the stop reason: a failure after it does not change the reply.
    if (!reply.hasStopped) cut = silence.signal.aborted ? silence.signal.reason : error
  }
  return { ...reply.end(request, cut === undefined), cut }
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

async function follow(events: EventStream, reply: StreamingReply, silence: SilenceWatch): Promise<void> {
  await events.follow((batch) => {
    silence.progressed()
    for (const event of batch) reply.add(event)
    if (reply.hasStopped) silence.concluded()
  })
  if (!reply.isEnded) throw new StreamCutError('the model stream ended without message_stop')
}

/** A reply as it arrives: sends its text at once, and keeps the counts of the API. */
class StreamingReply {
  readonly #reply: ModelReply
  readonly #content = new AccumulatedContent()
  readonly #onText: (text: string) => void
  #counted: CountedUsage = {}
  #isEnded = false

  constructor(model: string, onText: (text: string) => void) {
    this.#reply = makeEmptyReply(model)
    this.#onText = onText
  }

  /** The model has sent its stop reason. */
  get hasStopped(): boolean {
    return this.#reply.stopReason !== null
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  add(event: StreamEvent): void {
    this.#say(this.#content.add(event))
    if (event.type === 'message_start') this.#start(event.message)
    if (event.type === 'message_delta') {
      this.#reply.stopReason = event.delta.stop_reason ?? this.#reply.stopReason
      this.#counted = { ...this.#counted, ...readCounts(event.usage) }
    }
    if (event.type === 'message_stop') this.#isEnded = true
  }

  /** The reply at the end of its stream. */
  end(request: Anthropic.MessageCreateParamsNonStreaming, isWhole: boolean): ModelReply {
    const content = this.#content
    this.#say(content.end())
    const said = { outputTokens: content.estimateTokens(), isWhole }
    const usage = completeUsage(this.#counted, request, said)
    return { ...this.#reply, usage, content: content.blocks(), toolRequests: content.toolRequests() }
  }

  /** The output count at the start is a placeholder. A second start does not begin another reply. */
  #start({ id, model, usage }: Extract<StreamEvent, { type: 'message_start' }>['message']): void {
    const { output: _placeholder, ...counted } = readCounts(usage)
    this.#counted = { ...this.#counted, ...counted }
    this.#reply.id ??= id
    this.#reply.model = model ?? this.#reply.model
  }

  #say(text: string): void {
    if (text === '') return
    this.#reply.text += text
    this.#onText(text)
  }
}
