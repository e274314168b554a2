import { ApiError } from './api-error.ts'
import type { Block, ConversationMessage, CountRequest } from './parse-request.ts'

const maxBreakpoints = 4

/** The API's rules that span blocks: who speaks first and last, tool calls with their results, cache breakpoints. */
export function checkConversation(request: CountRequest): void {
  checkSpeakers(request.messages)
  checkToolNames(request.tools ?? [])
  checkBreakpoints(request)
  for (const [index, message] of request.messages.entries()) {
    checkResultsHaveCalls(index, message, request.messages[index - 1])
    checkCallsHaveResults(index, message, request.messages[index + 1])
  }
}

function checkSpeakers(messages: readonly ConversationMessage[]): void {
  if (messages[0]?.role !== 'user') refuse('messages: first message must use the "user" role')
}

function checkToolNames(tools: readonly { name: string }[]): void {
  if (new Set(tools.map((tool) => tool.name)).size < tools.length) refuse('tools: tool names must be unique')
}

function checkBreakpoints({ tools = [], system = [], messages, cache_control }: CountRequest): void {
  const blocks = [...tools, ...system, ...messages.flatMap((message) => message.content)]
  const found = blocks.filter((block) => block.cache_control).length + (cache_control ? 1 : 0)
  if (found > maxBreakpoints) {
    refuse(`a maximum of ${maxBreakpoints} blocks with cache_control may be provided, found ${found}`)
  }
}

function checkResultsHaveCalls(
  index: number,
  message: ConversationMessage,
  before: ConversationMessage | undefined,
): void {
  const calls = new Set(before?.content.map(callId))
  const stray = message.content.map(resultId).find((id) => id !== undefined && !calls.has(id))
  if (stray !== undefined) {
    refuse(`messages.${index}: tool_result ${stray} has no tool_use block in the message before`)
  }
}

function checkCallsHaveResults(
  index: number,
  message: ConversationMessage,
  after: ConversationMessage | undefined,
): void {
  const results = new Set(after?.content.map(resultId))
  const open = message.content.map(callId).find((id) => id !== undefined && !results.has(id))
  if (open !== undefined) {
    refuse(`messages.${index}: tool_use ${open} has no tool_result block in the message after`)
  }
}

function callId(block: Block): string | undefined {
  return block.type === 'tool_use' ? block.id : undefined
}

function resultId(block: Block): string | undefined {
  return block.type === 'tool_result' ? block.tool_use_id : undefined
}

function refuse(message: string): never {
  throw new ApiError('invalid_request_error', message)
}
