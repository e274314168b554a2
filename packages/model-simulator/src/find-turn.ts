import type { Block } from './request/block-shape.ts'
import type { ConversationMessage } from './request/request-shape.ts'

export interface Turn {
  /** What the user said: the text of the last user message that has any. */
  readonly text: string
  /** How many messages came before it. */
  readonly earlierMessages: number
  /** How many times tools were called, and answered, since. */
  readonly toolRounds: number
  /** The results of the last round, in the order of the request. */
  readonly toolResults: readonly { readonly tool: string; readonly text: string }[]
}

/** Finds the turn that a request is about. */
export function findTurn(messages: readonly ConversationMessage[]): Turn {
  const spoken = messages.findLastIndex(
    (message) => message.role === 'user' && textOf(message.content) !== '',
  )
  const start = Math.max(spoken, 0)
  const since = messages.slice(start)
  return {
    text: textOf(messages[start]?.content ?? []),
    earlierMessages: start,
    toolRounds: since.filter((message) => message.content.some((block) => block.type === 'tool_result'))
      .length,
    toolResults: listResults(messages),
  }
}

function listResults(messages: readonly ConversationMessage[]): Turn['toolResults'] {
  const calls = (messages.at(-2)?.content ?? []).filter((block) => block.type === 'tool_use')
  const results = (messages.at(-1)?.content ?? []).filter((block) => block.type === 'tool_result')
  return results.map((result) => ({
    tool: calls.find((call) => call.id === result.tool_use_id)?.name ?? 'tool',
    text: typeof result.content === 'string' ? result.content : textOf(result.content ?? []),
  }))
}

function textOf(blocks: readonly (Block | { type: string; text?: unknown })[]): string {
  return blocks
    .flatMap((block) => (block.type === 'text' && typeof block.text === 'string' ? [block.text] : []))
    .join('\n')
}
