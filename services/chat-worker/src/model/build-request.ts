import type { Anthropic } from '@anthropic-ai/sdk'
import { estimateTokens } from './prices.ts'

/** An earlier turn of the conversation, as far as the model is told of it. */
export interface EarlierTurn {
  user_text: string
  answer: string
}

interface RequestOptions {
  model: string
  maxTokens: number
  historyTokens: number
  systemPrompt: string
  userId: number
}

export interface BuiltRequest {
  request: Anthropic.MessageCreateParamsNonStreaming
  /** Earlier turns that did not fit. */
  turnsLeftOut: number
}

/**
 * Makes the model's request: the system prompt, as many of the latest earlier turns as fit, and the user's text. A
 * cache mark on the system prompt and on the text lets the next turn read everything up to here from cache.
 */
export function buildRequest(
  text: string,
  history: readonly EarlierTurn[],
  options: RequestOptions,
): BuiltRequest {
  const kept = keepLatest(history, options.historyTokens)
  const request: Anthropic.MessageCreateParamsNonStreaming = {
    model: options.model,
    max_tokens: options.maxTokens,
    system: [{ type: 'text', text: options.systemPrompt, cache_control: { type: 'ephemeral' } }],
    messages: [...kept.flatMap(toMessages), { role: 'user', content: [markedText(text)] }],
    metadata: { user_id: String(options.userId) },
  }
  return { request, turnsLeftOut: history.length - kept.length }
}

function keepLatest(history: readonly EarlierTurn[], tokens: number): EarlierTurn[] {
  let left = tokens
  const first = history.findLastIndex((turn) => {
    left -= estimateTokens(turn.user_text) + estimateTokens(turn.answer)
    return left < 0
  })
  return history.slice(first + 1)
}

const toMessages = (turn: EarlierTurn): Anthropic.MessageParam[] => [
  { role: 'user', content: turn.user_text },
  { role: 'assistant', content: turn.answer },
]

const markedText = (text: string): Anthropic.TextBlockParam => ({
  type: 'text',
  text,
  cache_control: { type: 'ephemeral' },
})
