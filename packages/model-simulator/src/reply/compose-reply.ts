import type { StopReason } from '@anthropic-ai/sdk/resources/messages'
import type { Behaviour } from '../behaviour/parse-behaviour.ts'
import { findTurn, type Turn } from '../find-turn.ts'
import type { ConversationMessage, MessagesRequest } from '../request/request-shape.ts'
import { sealThinking, signThinking } from '../sign-thinking.ts'
import { dropPieces, limitPieces } from './limit-pieces.ts'
import type { ReplyBlock } from './reply-block.ts'
import { digest, digestConversation, seedRandom } from './seed-random.ts'
import { splitJson, splitPieces } from './split-pieces.ts'
import { writeOpening } from './write-opening.ts'
import { writePieces, writeSentences } from './write-prose.ts'

export interface Reply {
  readonly id: string
  readonly blocks: readonly ReplyBlock[]
  readonly stopReason: StopReason
}

type ToolCalls = NonNullable<Behaviour['toolCalls']>

interface ReplyBounds {
  /** The default length. */
  readonly tokens: number
  /** What the window has left behind the prompt. */
  readonly roomTokens?: number
}

/** The reply to a request: the same for the same conversation, behaviour, `max_tokens` and bounds. */
export function composeReply(
  request: Pick<MessagesRequest, 'messages' | 'tools' | 'tool_choice' | 'max_tokens'>,
  behaviour: Behaviour,
  { tokens, roomTokens = Infinity }: ReplyBounds,
): Reply {
  const { asked, paused } = splitPaused(request.messages)
  const seed = digestConversation(asked)
  const turn = findTurn(asked)
  const calls = chooseCalls(turn, behaviour)
  const callsTools = calls.length > 0 && mayCallTools(request)
  const answer = callsTools
    ? [talkOfTools(turn, calls), ...callTools(calls, seed)]
    : [writeText(`${writeOpening(turn)}${missTools(calls)}`, behaviour.tokens, { seed, tokens })]
  const whole = paused
    ? dropPieces(answer, behaviour.pauseAt ?? 0)
    : [...think(behaviour, seed), ...limitToPause(answer, behaviour)]
  const { blocks, cut } = limitPieces(whole, Math.min(request.max_tokens, roomTokens))
  const ownReason = callsTools ? 'tool_use' : (behaviour.stopReason ?? 'end_turn')
  const pauses = behaviour.pauseAt !== undefined && !paused
  const limitReason = roomTokens < request.max_tokens ? 'model_context_window_exceeded' : 'max_tokens'
  const stopReason = cut ? limitReason : pauses ? 'pause_turn' : ownReason
  return { id: `msg_${seed.slice(0, 24)}`, blocks, stopReason }
}

/** A conversation that ends with a reply of the model asks it to go on with that. */
function splitPaused(messages: readonly ConversationMessage[]) {
  const paused = messages.at(-1)?.role === 'assistant'
  return { asked: paused ? messages.slice(0, -1) : messages, paused }
}

const limitToPause = (answer: readonly ReplyBlock[], { pauseAt }: Behaviour): readonly ReplyBlock[] =>
  pauseAt === undefined ? answer : limitPieces(answer, pauseAt).blocks

const mayCallTools = ({ tools = [], tool_choice: choice }: Pick<MessagesRequest, 'tools' | 'tool_choice'>) =>
  tools.length > 0 && choice?.type !== 'none'

function chooseCalls(turn: Turn, { toolCalls = [], toolRounds = 1 }: Behaviour): ToolCalls {
  return turn.toolRounds < toolRounds ? toolCalls : []
}

function think({ thinkingTokens, redacted }: Behaviour, seed: string): ReplyBlock[] {
  if (thinkingTokens === undefined) return []
  const pieces = writePieces('Let me think about this.', thinkingTokens, seedRandom(`${seed} thinking`))
  const thinking = pieces.join('')
  if (redacted) return [{ type: 'redacted_thinking', pieces, data: sealThinking(thinking) }]
  return [{ type: 'thinking', pieces, signature: signThinking(thinking) }]
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
