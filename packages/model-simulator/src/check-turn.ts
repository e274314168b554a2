import { ApiError } from './api-error.ts'
import type { Behaviour } from './behaviour/parse-behaviour.ts'
import { findTurn } from './find-turn.ts'
import type { Block, ConversationMessage } from './parse-request.ts'
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
    throw refuse(messages.length - 1, 'the conversation must end with a user message')
  for (const [index, message] of messages.entries())
    for (const block of message.content) checkUnchanged(block, index)
  if (thinkingTokens === undefined) return
  const start = findTurn(messages).earlierMessages
  for (const [index, message] of messages.entries())
    if (index > start && callsTool(message) && !isThinking(message.content[0]))
      throw refuse(
        index,
        'expected `thinking` or `redacted_thinking` as the first block of a reply with tool_use',
      )
}

function checkUnchanged(block: Block, index: number): void {
  if (block.type === 'thinking' && block['signature'] !== signThinking(String(block['thinking'])))
    throw refuse(index, 'invalid `signature` in `thinking` block')
  if (block.type === 'redacted_thinking' && !isSealed(String(block['data'])))
    throw refuse(index, 'invalid `data` in `redacted_thinking` block')
}

const callsTool = ({ role, content }: ConversationMessage): boolean =>
  role === 'assistant' && content.some(({ type }) => type === 'tool_use')

const isThinking = (block: Block | undefined): boolean =>
  block?.type === 'thinking' || block?.type === 'redacted_thinking'

const refuse = (index: number, why: string): ApiError =>
  new ApiError('invalid_request_error', `messages.${index}: ${why}`)
