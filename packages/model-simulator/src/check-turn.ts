import { ApiError } from './api-error.ts'
import type { Behaviour } from './behaviour/parse-behaviour.ts'
import type { Block } from './request/block-shape.ts'
import type { ConversationMessage } from './request/request-shape.ts'
import { leadRules } from './rules/thinking.ts'
import { isSealed, signThinking } from './sign-thinking.ts'

/**
 * The API's rules of what is given back of a turn. A reply is there to be gone on with only where it paused. Thinking is
 * unchanged, and while tools are used in a turn with thinking, each reply that called one begins with it.
 */
export function checkTurn(
  messages: readonly ConversationMessage[],
  { thinkingTokens, pauseAt }: Behaviour,
): void {
  if (messages.at(-1)?.role === 'assistant' && pauseAt === undefined)
    throw refuse(`messages.${messages.length - 1}: the conversation must end with a user message`)
  for (const [index, message] of messages.entries())
    for (const block of message.content) checkUnchanged(block, index)
  if (thinkingTokens === undefined) return
  for (const fault of leadRules(messages)) throw refuse(fault)
}

function checkUnchanged(block: Block, index: number): void {
  if (block.type === 'thinking' && block.signature !== signThinking(block.thinking))
    throw refuse(`messages.${index}: invalid \`signature\` in \`thinking\` block`)
  if (block.type === 'redacted_thinking' && !isSealed(block.data))
    throw refuse(`messages.${index}: invalid \`data\` in \`redacted_thinking\` block`)
}

const refuse = (why: string): ApiError => new ApiError('invalid_request_error', why)
