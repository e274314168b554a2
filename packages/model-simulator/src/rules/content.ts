import { describeModel } from '../models.ts'
import type { Block, ResultBlock } from '../request/block-shape.ts'
import type { ConversationMessage, CountRequest } from '../request/request-shape.ts'

/** Anything but white space, what Unicode counts as such included. */
const visible = /[^\s\p{White_Space}]/u

type SomeBlock = Block | ResultBlock

/** Who speaks first, and that no message and no text is empty. */
export function* contentRules({ model, system = [], messages }: CountRequest): Iterable<string> {
  if (messages[0]?.role !== 'user') yield 'messages: first message must use the "user" role'
  yield* textRules('system', system)
  for (const [index, message] of messages.entries()) {
    const isLast = index === messages.length - 1
    yield* messageRules(`messages.${index}`, message, isLast)
    if (message.role === 'system') yield* systemRules(index, messages, model)
  }
  yield* endRules(messages.at(-1))
}

function* messageRules(path: string, message: ConversationMessage, isLast: boolean): Iterable<string> {
  const { role, content } = message
  if (content.length === 0 && !(isLast && role === 'assistant'))
    yield `${path}: only a last assistant message may have empty content`
  yield* textRules(`${path}.content`, content)
}

/** A system message between the others: of newer models only, right behind one of the user, and of text only. */
function* systemRules(
  index: number,
  messages: readonly ConversationMessage[],
  model: string,
): Iterable<string> {
  const path = `messages.${index}`
  if (!describeModel(model).takesSystemMessages) yield `${path}: role 'system' is not supported on this model`
  if (messages[index - 1]?.role !== 'user') yield `${path}: a system message must follow a user message`
  const stranger = messages[index]?.content.find(({ type }) => type !== 'text')
  if (stranger) yield `${path}: \`${stranger.type}\` blocks cannot be in \`system\` messages`
}

function* textRules(path: string, blocks: readonly SomeBlock[]): Iterable<string> {
  for (const [index, block] of blocks.entries()) {
    const here = `${path}.${index}`
    if (block.type === 'text' && !visible.test(block.text)) yield `${here}.text: ${describeBlank(block)}`
    if (block.type === 'tool_result' && typeof block.content === 'object')
      yield* textRules(`${here}.tool_result.content`, block.content)
  }
}

function describeBlank({ text, cache_control: mark }: SomeBlock & { type: 'text' }): string {
  if (mark) return 'cache_control cannot be set for empty text blocks'
  return `text content blocks must ${text === '' ? 'be non-empty' : 'contain non-whitespace text'}`
}

/** A reply that is to be gone on with. */
function* endRules(last: ConversationMessage | undefined): Iterable<string> {
  const block = last?.role === 'assistant' ? last.content.at(-1) : undefined
  if (block?.type === 'text' && !visible.test(block.text.at(-1) ?? ''))
    yield 'messages: final assistant content cannot end with trailing whitespace'
}
