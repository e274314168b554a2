import { chooseBehaviour } from '../behaviour/choose-behaviour.ts'
import { checkTurn } from '../check-turn.ts'
import { defaultConfig } from '../config.ts'
import { parseMessagesRequest } from '../parse-request.ts'
import { composeReply, type Reply } from './compose-reply.ts'
import { countTokens } from './limit-pieces.ts'

export interface PredictedReply {
  readonly text: string
  readonly thinking: string
  /** `input` as JSON text, cut short where `max_tokens` cut it. */
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly input: string }[]
  readonly stopReason: Reply['stopReason']
  readonly outputTokens: number
}

interface PredictOptions {
  /** The `x-simulator` header. */
  readonly header?: string
  /** The simulator's `tokens`. */
  readonly tokens?: number
}

/**
 * What the simulator replies to a request body when nothing fails on the way.
 * @throws ApiError where the simulator would refuse the body
 */
export function predictReply(body: unknown, options: PredictOptions = {}): PredictedReply {
  const request = parseMessagesRequest(body)
  const behaviour = chooseBehaviour(request.messages, options.header)
  checkTurn(request.messages, behaviour)
  const reply = composeReply(request, behaviour, { tokens: options.tokens ?? defaultConfig.tokens })
  return {
    text: joinPieces(reply, 'text'),
    thinking: joinPieces(reply, 'thinking'),
    toolCalls: reply.blocks.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.pieces.join('') }] : [],
    ),
    stopReason: reply.stopReason,
    outputTokens: countTokens(reply.blocks),
  }
}

function joinPieces({ blocks }: Reply, type: 'text' | 'thinking'): string {
  return blocks
    .filter((block) => block.type === type)
    .flatMap((block) => block.pieces)
    .join('')
}
