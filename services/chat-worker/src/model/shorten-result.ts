import type { Anthropic } from '@anthropic-ai/sdk'
import { listBlocks } from './list-blocks.ts'
import { estimateTokens, mostPerToken, takeTokens } from './estimate-tokens.ts'

/** Tokens of a result that are always shown: its marks, its beginning, and the note that it is shortened. */
export const leastResultTokens = 250

/** Characters kept of the end of a result: its closing mark, and the note of an earlier cut. */
const tailLength = 90

/** A tool result in at most `tokens`, with a note of what is left out and why. A result that fits stays unchanged. */
export function shortenResult(text: string, tokens: number): string {
  if (text.length <= tokens * mostPerToken && estimateTokens(text) <= tokens) return text
  const tail = text.slice(-tailLength).replace(/^[\uDC00-\uDFFF]/, '')
  const rest = text.slice(0, text.length - tail.length)
  const say = (leftOut: number): string =>
    `\n[…]\n${tail}\n(Shortened: ${leftOut} of ${text.length} characters are left out at […], because the results of this turn do not fit into the context window together.)`
  const head = takeTokens(rest, tokens - estimateTokens(say(text.length)))
  return head + say(rest.length - head.length)
}

/** A message with each result in it shortened to `tokens`. */
export const shortenResults = (message: Message, tokens = Infinity): Message =>
  tokens === Infinity ? message : mapResults(message, (text) => shortenResult(text, tokens))

/** A message with empty results, to measure the rest. */
export const emptyResults = (message: Message): Message => mapResults(message, () => '')

const sizes = new WeakMap<Message, readonly number[]>()

/** Estimated sizes of the results in a message. They never change and are long, so they are measured once. */
export function measureResults(message: Message): readonly number[] {
  const known = sizes.get(message)
  const measured =
    known ??
    listBlocks(message)
      .filter(isTextResult)
      .map(({ content }) => estimateTokens(content))
  if (!known) sizes.set(message, measured)
  return measured
}

function mapResults(message: Message, change: (text: string) => string): Message {
  if (message.role !== 'user') return message
  const map = (block: Block): Block =>
    isTextResult(block) ? { ...block, content: change(block.content) } : block
  return { role: 'user', content: listBlocks(message).map(map) }
}

type Message = Anthropic.MessageParam
type Block = Anthropic.ContentBlockParam
type TextResult = Anthropic.ToolResultBlockParam & { content: string }

function isTextResult(block: Block): block is TextResult {
  return block.type === 'tool_result' && typeof block.content === 'string'
}
