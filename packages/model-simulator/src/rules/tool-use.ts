import type { Block } from '../request/block-shape.ts'
import type { ConversationMessage, CountRequest } from '../request/request-shape.ts'

type ToolUse = Block & { type: 'tool_use' }
type ToolResult = Block & { type: 'tool_result' }

/** Where tool calls and their results stand: each call once, each result once, in the message right behind it. */
export function* toolUseRules({ messages }: CountRequest): Iterable<string> {
  const seen = new Set<string>()
  for (const [index, message] of messages.entries()) {
    const path = `messages.${index}`
    yield* placeRules(path, message)
    yield* uniqueRules(path, message, seen)
    yield* callRules(path, message, messages[index + 1])
    yield* resultRules(path, message, messages[index - 1])
  }
}

function* placeRules(path: string, { role, content }: ConversationMessage): Iterable<string> {
  if (role !== 'assistant' && content.some(isCall))
    yield `${path}: \`tool_use\` blocks can only be in \`assistant\` messages`
  if (role !== 'user' && content.some(isResult))
    yield `${path}: \`tool_result\` blocks can only be in \`user\` messages`
}

function* uniqueRules(path: string, { content }: ConversationMessage, seen: Set<string>): Iterable<string> {
  for (const [index, block] of content.entries()) {
    if (!isCall(block)) continue
    if (seen.has(block.id)) yield `${path}.content.${index}: \`tool_use\` ids must be unique`
    seen.add(block.id)
  }
}

function* callRules(
  path: string,
  { content }: ConversationMessage,
  after: ConversationMessage | undefined,
): Iterable<string> {
  const calls = content.filter(isCall)
  if (calls.length === 0) return
  const results = new Set(after?.content.filter(isResult).map((result) => result.tool_use_id))
  const open = calls.filter(({ id }) => !results.has(id))
  if (open.length > 0)
    yield `${path}: tool_use ${open.map(({ id }) => id).join(', ')} has no tool_result block in the message after`
}

function* resultRules(
  path: string,
  { content }: ConversationMessage,
  before: ConversationMessage | undefined,
): Iterable<string> {
  const calls = new Set(before?.content.filter(isCall).map(({ id }) => id))
  const answered = new Set<string>()
  for (const [index, block] of content.entries()) {
    if (!isResult(block)) continue
    const here = `${path}.content.${index}`
    const id = block.tool_use_id
    if (!calls.has(id)) yield `${here}: tool_result ${id} has no tool_use block in the message before`
    if (answered.has(id)) yield `${here}: each tool_use must have a single result, ${id} has more`
    if (answered.size < index) yield `${here}: tool_result blocks must come before all other content`
    answered.add(id)
    yield* errorRules(here, block)
  }
}

function* errorRules(path: string, { is_error: isError, content = '' }: ToolResult): Iterable<string> {
  if (!isError) return
  if (content.length === 0) yield `${path}.tool_result: content cannot be empty if \`is_error\` is true`
  if (typeof content !== 'string' && content.some(({ type }) => type !== 'text'))
    yield `${path}.tool_result: all content must be of type \`text\` if \`is_error\` is true`
}

const isCall = (block: Block): block is ToolUse => block.type === 'tool_use'

const isResult = (block: Block): block is ToolResult => block.type === 'tool_result'
