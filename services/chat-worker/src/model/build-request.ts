import type { Anthropic } from '@anthropic-ai/sdk'
import { isBlank } from '@omni2/contracts'
import type { OfferedTool } from '../tools/toolbox.ts'
import { listBlocks } from './list-blocks.ts'
import { cutThoughts, cutTrail } from './mend-reply.ts'
import { shortenResults } from './shorten-result.ts'

type Message = Anthropic.MessageParam

/** An earlier turn of the conversation, as the model gets it. */
export interface EarlierTurn {
  user_text: string
  answer: string
}

/** The content of one request to the model. */
export interface Prompt {
  system: string
  /** The source of the system prompt. */
  systemSource: 'role' | 'default' | 'config'
  /** Sorted, so that all users of a role have the same beginning of the prompt. */
  tools: readonly OfferedTool[]
  history: readonly EarlierTurn[]
  /** Number of earlier turns that are left out. */
  turnsLeftOut: number
  text: string
  /** The rounds of the turn so far: replies of the model, and the results of its tool calls. */
  rounds: readonly Message[]
  /** Tokens of each result that the model sees, by the index of its round. Results of other rounds are whole. */
  resultTokens: readonly number[]
  /** False: the request has the tools, but the model may not use them, and a paused reply is not continued. */
  mayUseTools: boolean
}

interface RequestOptions {
  model: string
  maxTokens: number
  userId: number
}

const cached = { cache_control: { type: 'ephemeral' } } as const

/**
 * Makes a request to the model. It has four cache marks, as many as the API accepts: after the tools and after the
 * system prompt, which all turns of a role share; after the text of the user, up to where the next turn of the
 * conversation reads; and after the last round, up to where the next request of this turn reads.
 */
export function buildRequest(
  prompt: Prompt,
  { model, maxTokens, userId }: RequestOptions,
): Anthropic.MessageCreateParamsNonStreaming {
  const asked: Message = { role: 'user', content: [{ type: 'text', text: prompt.text, ...cached }] }
  return {
    model,
    max_tokens: maxTokens,
    ...(prompt.tools.length > 0 && { tools: markLast(prompt.tools.map(toTool)) }),
    ...(prompt.tools.length > 0 && !prompt.mayUseTools && { tool_choice: { type: 'none' } }),
    ...(!isBlank(prompt.system) && { system: [{ type: 'text', text: prompt.system, ...cached }] }),
    messages: [...prompt.history.flatMap(toMessages), asked, ...markEnd(showRounds(prompt))],
    metadata: { user_id: String(userId) },
  }
}

/** The prompt without the older half of its earlier turns. */
export function leaveOutTurns(prompt: Prompt): Prompt {
  const dropped = Math.ceil(prompt.history.length / 2)
  const turnsLeftOut = prompt.turnsLeftOut + dropped
  return { ...prompt, history: prompt.history.slice(dropped), turnsLeftOut }
}

/**
 * The prompt with one more round: a reply, and the results of its calls. Without results the reply is continued, and
 * its unanswered calls are left out. A reply after a pause belongs to the paused reply.
 */
export function addRound(prompt: Prompt, [said, ...rest]: readonly [Message, ...Message[]]): Prompt {
  const content = listBlocks(said).filter(({ type }) => rest.length > 0 || type !== 'tool_use')
  if (content.length === 0) return prompt
  const paused = prompt.rounds.at(-1)
  const isPaused = paused?.role === 'assistant'
  const before = isPaused ? prompt.rounds.slice(0, -1) : prompt.rounds
  const whole = isPaused ? [...listBlocks(paused), ...content] : content
  const reply = { role: 'assistant', content: rest.length > 0 ? cutThoughts(whole) : whole } as const
  return { ...prompt, rounds: [...before, reply, ...rest] }
}

/**
 * Asks for the rest of a reply that stopped for a call without making one. A model continues after a message of the
 * user.
 */
const goOn: Message = { role: 'user', content: [{ type: 'text', text: 'Go on.' }] }

/** The prompt with a reply and a request to continue. */
export function askToGoOn(prompt: Prompt, reply: readonly Anthropic.ContentBlockParam[]): Prompt {
  const content = cutThoughts(reply)
  if (content.length === 0) return { ...prompt, rounds: [...prompt.rounds, goOn] }
  return addRound(prompt, [{ role: 'assistant', content }, goOn])
}

export const wasAskedToGoOn = ({ rounds }: Prompt): boolean => rounds.includes(goOn)

const toTool = ({ name, description, inputSchema }: OfferedTool): Anthropic.Tool => ({
  name,
  description,
  input_schema: { ...inputSchema, type: 'object' },
})

const showRounds = ({ rounds, resultTokens }: Prompt): readonly Message[] =>
  rounds.map((round, index) => shortenResults(round, resultTokens[index]))

const toMessages = (turn: EarlierTurn): Message[] => [
  { role: 'user', content: turn.user_text },
  { role: 'assistant', content: turn.answer },
]

/** Marks the last block of the last message. A reply to be continued ends in a form that the API accepts. */
function markEnd(rounds: readonly Message[]): readonly Message[] {
  const last = rounds.at(-1)
  if (!last) return rounds
  const before = rounds.slice(0, -1)
  if (last.role === 'user') return [...before, { role: 'user', content: markLast(listBlocks(last)) }]
  const content = cutTrail(listBlocks(last))
  return content.length > 0 ? [...before, { role: 'assistant', content }] : before
}

const markLast = <T extends object>(items: readonly T[]): T[] =>
  items.map((item, index) => (index === items.length - 1 ? { ...item, ...cached } : item))
