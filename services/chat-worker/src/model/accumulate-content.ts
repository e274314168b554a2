import type { Anthropic } from '@anthropic-ai/sdk'
import { parseExactJson } from '@omni2/contracts'
import { MessageMeter } from '../tools/wire/message-meter.ts'
import type { ToolRequest } from '../tools/toolbox.ts'
import { weighTokens } from './estimate-tokens.ts'
import type { Delta, StartedBlock, StreamEvent } from './stream-event.ts'
import { TextMender } from './text-mender.ts'

interface GatheredBlock {
  block: StartedBlock
  /** A tool's input as JSON text; it comes in pieces cut anywhere. */
  json: string
  /** Something came of it that this worker cannot read, so it cannot be given back as it was. */
  isPartial: boolean
}

type TextBlock = Extract<StartedBlock, { type: 'text' }>

/**
 * The content blocks of one streamed reply, put together from their pieces: as they were sent, so that they can be given
 * back to the model in the next round. Its text is mended as one, over pieces and blocks, and is then what is said.
 */
export class AccumulatedContent {
  /** In the order in which they began: an index may be skipped, or be used again. */
  readonly #blocks: GatheredBlock[] = []
  readonly #latest = new Map<number, GatheredBlock>()
  readonly #mender = new TextMender()
  #speaking: TextBlock | undefined
  #tokens = 0
  #pieces = 0

  /** Adds an event of the stream, and returns what is to be said of it; what is of unknown types adds nothing. */
  add(event: StreamEvent): string {
    if (event.type === 'content_block_start') return this.#start(event.index, event.content_block)
    return event.type === 'content_block_delta' ? this.#addPiece(event.index, event.delta) : ''
  }

  /** What is left to say when nothing follows. */
  end(): string {
    return this.#append(this.#mender.end())
  }

  /** Tokens of what came so far, where nobody counted them: at least one a piece. */
  estimateTokens(): number {
    return Math.max(this.#pieces, Math.ceil(this.#tokens))
  }

  /** The blocks of the reply, without those that came in pieces nobody knows; a call always stands for its request. */
  blocks(): Anthropic.ContentBlockParam[] {
    return this.#blocks.filter(isWhole).map(toParam)
  }

  /** The tool calls asked for, in order; the input of one whose JSON is broken is undefined. */
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
        // Text is said whatever the state of its block, so it has one.
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
        // A text is what was said of it, with or without what else there may be, such as citations.
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

/** What a reply consists of may be sent back as it came; only a tool's input arrives beside its block. */
function toParam({ block, json }: GatheredBlock): Anthropic.ContentBlockParam {
  if (block.type === 'tool_use')
    return { type: 'tool_use', id: block.id, name: block.name, input: readInput(block.input, json) ?? {} }
  if (block.type === 'text') return { type: 'text', text: block.text }
  if (json !== '') return { ...block, input: parseInput(json) } as Anthropic.ContentBlockParam
  return block
}

/** An input comes in pieces, or at once with its block; a call without arguments has neither. */
function readInput(started: unknown, json: string): unknown {
  if (json.trim() !== '') return parseInput(json)
  return typeof started === 'object' && started !== null ? started : {}
}

/** Undefined for what is no JSON, and for what is too deep to be written again. */
function parseInput(json: string): unknown {
  try {
    new MessageMeter(json.length).add(json)
    return parseExactJson(json)
  } catch {
    return undefined
  }
}
