import type { Anthropic } from '@anthropic-ai/sdk'
import { parseExactJson } from '@omni2/contracts'
import { MessageMeter } from '../tools/wire/message-meter.ts'
import type { ToolRequest } from '../tools/toolbox.ts'
import { weighTokens } from './estimate-tokens.ts'
import type { Delta, StartedBlock, StreamEvent } from './stream-event.ts'
import { TextMender } from './text-mender.ts'

interface GatheredBlock {
  block: StartedBlock
  /** The input of a tool as JSON text. It arrives in pieces that are cut anywhere. */
  json: string
  /** Part of it is unreadable to this worker, so it cannot be sent back unchanged. */
  isPartial: boolean
}

type TextBlock = Extract<StartedBlock, { type: 'text' }>

/**
 * The content blocks of one streamed reply, assembled from their pieces. They stay as the model sent them, so that the
 * next round can send them back. Text is mended across pieces and blocks before it is sent to the client.
 */
export class AccumulatedContent {
  /** In order of their start: an index may be skipped or used again. */
  readonly #blocks: GatheredBlock[] = []
  readonly #latest = new Map<number, GatheredBlock>()
  readonly #mender = new TextMender()
  #speaking: TextBlock | undefined
  #tokens = 0
  #pieces = 0

  /** Adds an event of the stream, and returns the text to send. Unknown types add nothing. */
  add(event: StreamEvent): string {
    if (event.type === 'content_block_start') return this.#start(event.index, event.content_block)
    return event.type === 'content_block_delta' ? this.#addPiece(event.index, event.delta) : ''
  }

  /** The rest of the text at the end of the stream. */
  end(): string {
    return this.#append(this.#mender.end())
  }

  /** Estimated tokens of the reply so far, if the API did not count them: at least one a piece. */
  estimateTokens(): number {
    return Math.max(this.#pieces, Math.ceil(this.#tokens))
  }

  /** The blocks of the reply, without those with unknown pieces. The block of a call always stays. */
  blocks(): Anthropic.ContentBlockParam[] {
    return this.#blocks.filter(isWhole).map(toParam)
  }

  /** The requested tool calls, in order. A call with broken JSON has the input undefined. */
  toolRequests(): ToolRequest[] {
    return this.#blocks.flatMap(({ block, json }) =>
      block.type === 'tool_use'
        ? [{ callId: block.id, name: block.name, input: readInput(block.input, json) }]
        : [],
    )
  }

  #start(index: number, content: StartedBlock): string {
    const block = { ...content }
    const gathered = { block, json: '', isPartial: false }
    this.#blocks.push(gathered)
    this.#latest.set(index, gathered)
    if (block.type === 'thinking') this.#count(block.thinking)
    if (block.type !== 'text') return ''
    const { text } = block
    block.text = ''
    return this.#say(block, text)
  }

  #addPiece(index: number, delta: Delta): string {
    const gathered = this.#latest.get(index)
    const block = gathered?.block
    switch (delta.type) {
      case 'text_delta':
        if (block?.type === 'text') return this.#say(block, delta.text)
        // Text is sent in any state of its block, so it needs a block.
        return this.#start(index, { type: 'text', text: delta.text, citations: null })
      case 'thinking_delta':
        this.#count(delta.thinking)
        if (block?.type === 'thinking') block.thinking += delta.thinking
        break
      case 'signature_delta':
        if (block?.type === 'thinking') block.signature = delta.signature
        break
      case 'input_json_delta':
        this.#count(delta.partial_json)
        if (gathered) gathered.json += delta.partial_json
        break
      case 'unknown':
        // A text block has the text that was sent, with or without other fields such as citations.
        if (gathered && block?.type !== 'text') gathered.isPartial = true
    }
    return ''
  }

  #say(block: TextBlock, piece: string): string {
    this.#count(piece)
    this.#speaking = block
    return this.#append(this.#mender.add(piece))
  }

  #append(text: string): string {
    if (this.#speaking) this.#speaking.text += text
    return text
  }

  #count(piece: string): void {
    if (piece === '') return
    this.#tokens += weighTokens(piece)
    this.#pieces += 1
  }
}

const isWhole = ({ block, isPartial }: GatheredBlock): boolean => !isPartial || block.type === 'tool_use'

/** The parts of a reply may be sent back unchanged. Only the input of a tool arrives apart from its block. */
function toParam({ block, json }: GatheredBlock): Anthropic.ContentBlockParam {
  if (block.type === 'tool_use')
    return { type: 'tool_use', id: block.id, name: block.name, input: readInput(block.input, json) ?? {} }
  if (block.type === 'text') return { type: 'text', text: block.text }
  if (json !== '') return { ...block, input: parseInput(json) } as Anthropic.ContentBlockParam
  return block
}

/** An input arrives in pieces, or whole with its block. A call without arguments has neither. */
function readInput(started: unknown, json: string): unknown {
  if (json.trim() !== '') return parseInput(json)
  return typeof started === 'object' && started !== null ? started : {}
}

/** Undefined for text that is not JSON, and for JSON that is too deep to serialize again. */
function parseInput(json: string): unknown {
  try {
    new MessageMeter(json.length).add(json)
    return parseExactJson(json)
  } catch {
    return undefined
  }
}
