import type { Anthropic } from '@anthropic-ai/sdk'
import { parseExactJson } from '@omni2/contracts'
import type { ToolRequest } from '../tools/toolbox.ts'
import { weighTokens } from './estimate-tokens.ts'

type StreamEvent = Anthropic.RawMessageStreamEvent
type StartedBlock = Anthropic.RawContentBlockStartEvent['content_block']

interface GatheredBlock {
  block: StartedBlock
  /** A tool's input as JSON text; it comes in pieces cut anywhere. */
  json: string
  /** Something came of it that this worker cannot read, so it cannot be given back as it was. */
  isPartial: boolean
}

/**
 * The content blocks of one streamed reply, put together from their pieces: as they were sent, so that they can be given
 * back to the model in the next round.
 */
export class GatheredContent {
  readonly #blocks = new Map<number, GatheredBlock>()
  #tokens = 0
  #pieces = 0

  /** Adds an event of the stream; events and pieces of unknown types add nothing. */
  add(event: StreamEvent): void {
    if (event.type === 'content_block_start')
      this.#blocks.set(event.index, { block: { ...event.content_block }, json: '', isPartial: false })
    if (event.type !== 'content_block_delta') return
    const gathered = this.#blocks.get(event.index)
    if (gathered) this.#addPiece(gathered, event.delta)
  }

  /** Tokens of what came so far, where nobody counted them: at least one a piece. */
  estimateTokens(): number {
    return Math.max(this.#pieces, Math.ceil(this.#tokens))
  }

  /** The blocks of the reply, without those that came in pieces nobody knows; a call always stands for its request. */
  blocks(): Anthropic.ContentBlockParam[] {
    return [...this.#blocks.values()].filter(isWhole).map(toParam)
  }

  /** The tool calls asked for, in order; the input of one whose JSON is broken is undefined. */
  toolRequests(): ToolRequest[] {
    return [...this.#blocks.values()].flatMap(({ block, json }) =>
      block.type === 'tool_use' ? [{ callId: block.id, name: block.name, input: parseInput(json) }] : [],
    )
  }

  #addPiece(gathered: GatheredBlock, delta: Anthropic.RawContentBlockDelta): void {
    const piece = this.#append(gathered, delta)
    if (piece === undefined) gathered.isPartial = true
    if (!piece) return
    this.#tokens += weighTokens(piece)
    this.#pieces += 1
  }

  /** Appends a piece to its block and returns what counts of it; undefined where the two do not belong together. */
  #append(gathered: GatheredBlock, delta: Anthropic.RawContentBlockDelta): string | undefined {
    const { block } = gathered
    if (delta.type === 'text_delta' && block.type === 'text') {
      block.text += delta.text
      return delta.text
    }
    if (delta.type === 'thinking_delta' && block.type === 'thinking') {
      block.thinking += delta.thinking
      return delta.thinking
    }
    if (delta.type === 'signature_delta' && block.type === 'thinking') {
      block.signature = delta.signature
      return ''
    }
    if (delta.type === 'input_json_delta') {
      gathered.json += delta.partial_json
      return delta.partial_json
    }
    return undefined
  }
}

const isWhole = ({ block, isPartial }: GatheredBlock): boolean => !isPartial || block.type === 'tool_use'

/** What a reply consists of may be sent back as it came; only a tool's input arrives beside its block. */
function toParam({ block, json }: GatheredBlock): Anthropic.ContentBlockParam {
  if (block.type === 'tool_use')
    return { type: 'tool_use', id: block.id, name: block.name, input: parseInput(json) ?? {} }
  if (block.type === 'text') return { type: 'text', text: block.text }
  if (json !== '') return { ...block, input: parseInput(json) } as Anthropic.ContentBlockParam
  return block
}

/** A call without arguments sends no pieces. */
function parseInput(json: string): unknown {
  if (json.trim() === '') return {}
  try {
    return parseExactJson(json)
  } catch {
    return undefined
  }
}
