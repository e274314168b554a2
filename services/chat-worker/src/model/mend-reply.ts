import type { Anthropic } from '@anthropic-ai/sdk'
import { isBlank } from '@omni2/contracts'
import { makeStorable, makeStorableJson } from '../record/make-storable.ts'
import type { ToolRequest } from '../tools/toolbox.ts'
import { listBlocks } from './list-blocks.ts'
import type { ModelReply } from './stream-reply.ts'

type Block = Anthropic.ContentBlockParam
type ToolUse = Anthropic.ToolUseBlockParam

/** Valid ids of calls and names of tools in the API. The API does not publish its limit for the length of an id. */
const callIdPattern = /^[\w-]{1,128}$/
const toolNamePattern = /^[\w-]{1,128}$/

/** Replaces a name that the API would refuse. No server has a tool with this name. */
const unnamed = 'invalid_tool_name'

/**
 * Changes a reply so that the API takes it back and it can be recorded. A call keeps its place and gets a result
 * whatever its fault is: it gets an id that no other call of the turn has, and its fault if it cannot be made. Left out
 * are sealed blocks that cannot be mended, such as thinking, and blocks of unknown types.
 */
export function mendReply<Reply extends ModelReply>(
  reply: Reply,
  earlier: readonly Anthropic.MessageParam[],
): Reply {
  const { content, toolRequests } = mendCalls(reply, new Set(earlier.flatMap(listIds)))
  return {
    ...reply,
    model: mendText(reply.model),
    stopReason: reply.stopReason && mendText(reply.stopReason),
    content: content.filter(isTaken([...earlier.flatMap(listBlocks), ...content], reply.stopReason)),
    toolRequests,
  }
}

/** The blocks of a reply that is to be continued. The API also accepts no white space at its end. */
export function cutTrail(content: readonly Block[]): Block[] {
  const said = cutThoughts(content)
  const last = said.at(-1)
  if (last?.type !== 'text') return said
  const text = trimEnd(last.text)
  const rest = said.slice(0, -1)
  return text === '' ? cutTrail(rest) : [...rest, { ...last, text }]
}

/** The blocks of a reply without thinking at the end, which the API refuses. */
export const cutThoughts = (content: readonly Block[]): Block[] =>
  content.slice(0, content.findLastIndex((block) => !isThought(block)) + 1)

const isThought = ({ type }: Block): boolean => type === 'thinking' || type === 'redacted_thinking'

/** Each request has the block of its call, in the same order. */
function mendCalls(
  { content, toolRequests }: Pick<ModelReply, 'content' | 'toolRequests'>,
  taken: Set<string>,
): { content: Block[]; toolRequests: ToolRequest[] } {
  const requests = toolRequests.values()
  const mended: ToolRequest[] = []
  const blocks = content.map((block) => {
    if (block.type === 'text') return { ...block, text: mendText(block.text) }
    const request = block.type === 'tool_use' ? requests.next().value : undefined
    if (!request) return mendSealed(block)
    const call = mendCall(request, taken)
    taken.add(call.callId)
    mended.push(call)
    return toBlock(call)
  })
  return { content: blocks, toolRequests: mended }
}

/** The API accepts only the known fields of sealed blocks. */
function mendSealed(block: Block): Block {
  if (block.type === 'redacted_thinking') return { type: block.type, data: block.data }
  if (block.type !== 'thinking') return block
  return { type: block.type, thinking: block.thinking, signature: block.signature }
}

function mendCall(request: ToolRequest, taken: ReadonlySet<string>): ToolRequest {
  const { input } = request
  const isNamed = typeof request.name === 'string' && toolNamePattern.test(request.name)
  const call = { input, callId: mendId(request.callId, taken), name: isNamed ? request.name : unnamed }
  if (!isNamed) return { ...call, fault: 'a tool has a name of 1 to 128 letters, digits, "_" and "-".' }
  return isObject(input) ? call : { ...call, fault: 'its input has to be one JSON object.' }
}

/** The id, or a new one made from it that the API accepts and no other call has. */
function mendId(id: unknown, taken: ReadonlySet<string>): string {
  const own = typeof id === 'string' && callIdPattern.test(id) ? id : 'call'
  const numbered = (number: number): string =>
    taken.has(`${own}_${number}`) ? numbered(number + 1) : `${own}_${number}`
  return own === id && !taken.has(own) ? own : numbered(taken.size + 1)
}

const toBlock = ({ callId, name, input }: ToolRequest): ToolUse => ({
  type: 'tool_use',
  id: callId,
  name,
  input: isObject(input) ? makeStorableJson(input) : {},
})

/** Whether the API accepts a block among these of the turn. The use and the result of a server tool belong together. */
function isTaken(all: readonly Block[], stopReason: string | null): (block: Block) => boolean {
  const used = new Set(all.flatMap((block) => (block.type === 'server_tool_use' ? [block.id] : [])))
  const answered = new Set(all.flatMap(serverResultOf))
  return (block) => {
    if (block.type === 'text') return !isBlank(block.text)
    if (block.type === 'tool_use') return true
    if (block.type === 'thinking') return isSeal(block.signature) && isWellFormed(block.thinking)
    if (block.type === 'redacted_thinking') return isSeal(block.data)
    if (block.type === 'server_tool_use') return stopReason === 'pause_turn' || answered.has(block.id)
    return serverResultOf(block).some((id) => used.has(id))
  }
}

/** The use that the result of a server tool belongs to. */
const serverResultOf = (block: Block): string[] =>
  'tool_use_id' in block && block.type !== 'tool_result' ? [block.tool_use_id] : []

const listIds = (message: Anthropic.MessageParam): string[] =>
  listBlocks(message).flatMap((block) => ('id' in block && typeof block.id === 'string' ? [block.id] : []))

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && isBlank(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** Values of the stream may differ from their declared types. */
const mendText = (text: unknown): string => (typeof text === 'string' ? makeStorable(text) : '')

const isSeal = (seal: unknown): boolean => isWellFormed(seal) && seal !== ''

const isWellFormed = (text: unknown): boolean => typeof text === 'string' && text.isWellFormed()
