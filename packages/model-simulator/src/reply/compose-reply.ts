import type { Behaviour } from '../behaviour/parse-behaviour.ts'
import { findTurn, type Turn } from '../find-turn.ts'
import type { MessagesRequest } from '../parse-request.ts'
import { limitPieces } from './limit-pieces.ts'
import { digest, digestConversation, seedRandom } from './seed-random.ts'
import { splitJson, splitPieces } from './split-pieces.ts'
import { writeOpening } from './write-opening.ts'
import { writePieces, writeSentences } from './write-prose.ts'

/** A content block as the pieces it is streamed in; each piece counts as one token. */
export type ReplyBlock =
  | { readonly type: 'thinking'; readonly pieces: readonly string[]; readonly signature: string }
  | { readonly type: 'text'; readonly pieces: readonly string[] }
  | {
      readonly type: 'tool_use'
      readonly pieces: readonly string[]
      readonly id: string
      readonly name: string
    }

export interface Reply {
  readonly id: string
  readonly blocks: readonly ReplyBlock[]
  readonly stopReason: 'end_turn' | 'tool_use' | 'max_tokens'
}

type ToolCalls = NonNullable<Behaviour['toolCalls']>

/** The reply to a request: the same for the same conversation, behaviour, `max_tokens` and `tokens` (the default length). */
export function composeReply(
  request: Pick<MessagesRequest, 'messages' | 'tools' | 'max_tokens'>,
  behaviour: Behaviour,
  { tokens }: { tokens: number },
): Reply {
  const seed = digestConversation(request.messages)
  const turn = findTurn(request.messages)
  const calls = chooseCalls(turn, behaviour)
  const callsTools = calls.length > 0 && (request.tools ?? []).length > 0
  const answer = callsTools
    ? [talkOfTools(turn, calls), ...callTools(calls, seed)]
    : [writeText(`${writeOpening(turn)}${missTools(calls)}`, behaviour.tokens, { seed, tokens })]
  const { blocks, cut } = limitPieces(
    [...think(behaviour.thinkingTokens, seed), ...answer],
    request.max_tokens,
  )
  const stopReason = cut ? 'max_tokens' : callsTools ? 'tool_use' : 'end_turn'
  return { id: `msg_${seed.slice(0, 24)}`, blocks, stopReason }
}

function chooseCalls(turn: Turn, { toolCalls = [], toolRounds = 1 }: Behaviour): ToolCalls {
  return turn.toolRounds < toolRounds ? toolCalls : []
}

function think(count: number | undefined, seed: string): ReplyBlock[] {
  if (count === undefined) return []
  const pieces = writePieces('Let me think about this.', count, seedRandom(`${seed} thinking`))
  const signature = Buffer.from(digest(`${seed}${pieces.join('')}`), 'hex').toString('base64')
  return [{ type: 'thinking', pieces, signature }]
}

function talkOfTools(turn: Turn, calls: ToolCalls): ReplyBlock {
  return { type: 'text', pieces: splitPieces(`${writeOpening(turn)} Let me use ${listNames(calls)}.`) }
}

function callTools(calls: ToolCalls, seed: string): ReplyBlock[] {
  const random = seedRandom(`${seed} tools`)
  return calls.map(({ name, input }, index) => ({
    type: 'tool_use',
    pieces: splitJson(JSON.stringify(input), random),
    id: `toolu_${digest(`${seed} ${index}`).slice(0, 24)}`,
    name,
  }))
}

/** A model that is offered no tools cannot call one. */
function missTools(calls: ToolCalls): string {
  return calls.length > 0 ? ` I was asked to use ${listNames(calls)}, but I was offered no tools.` : ''
}

/** Exactly `count` pieces, or whole sentences of a seeded length around `tokens`. */
function writeText(opening: string, count: number | undefined, { seed, tokens }: WriteOptions): ReplyBlock {
  const random = seedRandom(`${seed} text`)
  if (count !== undefined) return { type: 'text', pieces: writePieces(opening, count, random) }
  const length = Math.ceil(tokens * 0.75) + random.next(Math.ceil(tokens * 0.25))
  return { type: 'text', pieces: writeSentences(opening, length, random) }
}

interface WriteOptions {
  readonly seed: string
  readonly tokens: number
}

function listNames(calls: ToolCalls): string {
  return calls.map((call) => call.name).join(' and ')
}
