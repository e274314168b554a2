import type { ContentBlock, Message, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import type { Reply } from '../reply/compose-reply.ts'
import type { ReplyBlock } from '../reply/reply-block.ts'
import { countTokens } from '../reply/limit-pieces.ts'
import type { InputUsage } from '../usage/prompt-cache.ts'
import { reportDeltaUsage, reportUsage } from './report-usage.ts'
import type { SentPiece } from './step.ts'

export interface ReplyEvent {
  readonly event: RawMessageStreamEvent | { readonly type: 'ping' }
  readonly piece?: SentPiece
}

export interface ReplyContext {
  readonly model: string
  readonly input: InputUsage
}

/** As with the API, the count in `message_start` is not the count: `message_delta` brings that. */
const placeholder = { output: 1, thinking: 0 }

/** The events of a whole reply, in the API's order. */
export function* listEvents(reply: Reply, context: ReplyContext): Generator<ReplyEvent> {
  yield { event: { type: 'message_start', message: startMessage(reply, context) } }
  for (const [index, block] of reply.blocks.entries()) yield* listBlockEvents(block, index)
  yield { event: endMessage(reply, context.input) }
  yield { event: { type: 'message_stop' } }
}

/** The reply as one object, for a request that does not stream. */
export function buildMessage(reply: Reply, context: ReplyContext): Message {
  return {
    ...startMessage(reply, context),
    content: reply.blocks.map(finishBlock),
    stop_reason: reply.stopReason,
    usage: reportUsage(context.input, countOutput(reply)),
  }
}

function startMessage(reply: Reply, { model, input }: ReplyContext): Message {
  return {
    id: reply.id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: reportUsage(input, placeholder),
  }
}

function* listBlockEvents(block: ReplyBlock, index: number): Generator<ReplyEvent> {
  yield { event: { type: 'content_block_start', index, content_block: startBlock(block) } }
  if (index === 0) yield { event: { type: 'ping' } }
  if (block.type === 'redacted_thinking') return yield { event: { type: 'content_block_stop', index } }
  if (block.type === 'tool_use') yield { event: delta(index, 'tool_use', '') }
  for (const piece of block.pieces)
    yield { event: delta(index, block.type, piece), piece: { type: block.type, piece } }
  if (block.type === 'thinking') {
    const { signature } = block
    yield { event: { type: 'content_block_delta', index, delta: { type: 'signature_delta', signature } } }
  }
  yield { event: { type: 'content_block_stop', index } }
}

type StreamedType = Exclude<ReplyBlock['type'], 'redacted_thinking'>

function delta(index: number, type: StreamedType, piece: string): RawMessageStreamEvent {
  switch (type) {
    case 'thinking':
      return { type: 'content_block_delta', index, delta: { type: 'thinking_delta', thinking: piece } }
    case 'text':
      return { type: 'content_block_delta', index, delta: { type: 'text_delta', text: piece } }
    case 'tool_use':
      return { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: piece } }
  }
}

function endMessage(reply: Reply, input: InputUsage): RawMessageStreamEvent {
  return {
    type: 'message_delta',
    delta: { stop_reason: reply.stopReason, stop_sequence: null, stop_details: null, container: null },
    usage: reportDeltaUsage(input, countOutput(reply)),
  }
}

type OwnBlock = Extract<ContentBlock, { type: ReplyBlock['type'] }>

function startBlock(block: ReplyBlock): OwnBlock {
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' }
    case 'redacted_thinking':
      return { type: 'redacted_thinking', data: block.data }
    case 'text':
      return { type: 'text', text: '', citations: null }
    case 'tool_use':
      return { type: 'tool_use', id: block.id, name: block.name, input: {}, caller: { type: 'direct' } }
  }
}

function finishBlock(block: ReplyBlock): OwnBlock {
  const whole = block.pieces.join('')
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking', thinking: whole, signature: block.signature }
    case 'redacted_thinking':
      return { type: 'redacted_thinking', data: block.data }
    case 'text':
      return { type: 'text', text: whole, citations: null }
    case 'tool_use':
      return {
        type: 'tool_use',
        id: block.id,
        name: block.name,
        input: readInput(whole),
        caller: { type: 'direct' },
      }
  }
}

/** An input that `max_tokens` cut is no JSON; without a stream there is nothing to give of it. */
function readInput(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}

function countOutput({ blocks }: Reply): { output: number; thinking: number } {
  const thinking = countTokens(blocks, 'thinking') + countTokens(blocks, 'redacted_thinking')
  return { output: countTokens(blocks), thinking }
}
