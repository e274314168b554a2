import { findTurn } from '../find-turn.ts'
import { describeModel } from '../models.ts'
import type { Block } from '../request/block-shape.ts'
import type { ConversationMessage } from '../request/request-shape.ts'
import type { RuledRequest } from './rule.ts'

/** How thinking is asked for, what it cannot be asked for with, and where its blocks stand. */
export function* thinkingRules(request: RuledRequest): Iterable<string> {
  yield* kindRules(request)
  const { thinking, messages, model, tool_choice: choice } = request
  const isForced = choice?.type === 'any' || choice?.type === 'tool'
  if (isForced && describeModel(model).thinking === 'always')
    yield 'tool_choice: forced tool use is not supported for this model'
  if (thinking?.type === 'enabled' || thinking?.type === 'adaptive') {
    if (isForced) yield 'thinking may not be enabled when tool_choice forces tool use'
    yield* samplingRules(request)
  }
  for (const [index, message] of messages.entries()) yield* placeRules(index, message)
  if (thinking?.type === 'enabled') yield* leadRules(messages)
}

function* kindRules({ model, thinking, max_tokens: maxTokens }: RuledRequest): Iterable<string> {
  if (!thinking) return
  const { thinking: kind } = describeModel(model)
  const isLater = kind === 'adaptive' || kind === 'always'
  if (thinking.type === 'enabled' && isLater)
    yield '"thinking.type.enabled" is not supported for this model, use "thinking.type.adaptive" and "output_config.effort"'
  if (thinking.type === 'adaptive' && kind === 'budget')
    yield 'adaptive thinking is not supported on this model'
  if (thinking.type === 'disabled' && kind === 'always')
    yield '"thinking.type.disabled" is not supported for this model'
  if (thinking.type === 'enabled' && maxTokens !== undefined && maxTokens <= thinking.budget_tokens)
    yield '`max_tokens` must be greater than `thinking.budget_tokens`'
}

function* samplingRules({ temperature, top_p, top_k }: RuledRequest): Iterable<string> {
  if (temperature !== undefined && temperature !== 1)
    yield '`temperature` may only be set to 1 when thinking is enabled or in adaptive mode'
  if (top_p !== undefined && top_p < 0.95)
    yield '`top_p` must be at least 0.95 or unset when thinking is enabled'
  if (top_k !== undefined) yield '`top_k` must be unset when thinking is enabled'
}

function* placeRules(index: number, { role, content }: ConversationMessage): Iterable<string> {
  if (role !== 'assistant' && content.some(isThinking))
    yield `messages.${index}: \`thinking\` blocks can only be in \`assistant\` messages`
  if (content.at(-1)?.type === 'thinking' || content.at(-1)?.type === 'redacted_thinking')
    yield `messages.${index}: the final block in an assistant message cannot be \`thinking\``
}

/** While tools are used in a turn with thinking, each reply that called one begins with it. */
export function* leadRules(messages: readonly ConversationMessage[]): Iterable<string> {
  const start = findTurn(messages).earlierMessages
  for (const [index, { role, content }] of messages.entries()) {
    const [first] = content
    if (index <= start || role !== 'assistant' || !content.some(({ type }) => type === 'tool_use')) continue
    if (first && !isThinking(first))
      yield `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first.type}\``
  }
}

const isThinking = ({ type }: Block): boolean => type === 'thinking' || type === 'redacted_thinking'
