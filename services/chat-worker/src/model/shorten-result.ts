import type { Anthropic } from '@anthropic-ai/sdk'
import { listBlocks } from './list-blocks.ts'
import { estimateTokens, mostPerToken, takeTokens } from './estimate-tokens.ts'

/** Tokens of a result that are always shown: its marks, its beginning, and what says that it is shortened. */
export const leastResultTokens = 250

/** Characters kept of a result's end: the mark that closes it, and what its server's answer was cut to. */
const tailLength = 90

/** A tool's result in `tokens` at most, with what is left out and why; one that fits stays as it is. */
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

/** A message with nothing in its results, for the size of the rest. */
export const emptyResults = (message: Message): Message => mapResults(message, () => '')

const sizes = new WeakMap<Message, readonly number[]>()

/** Estimated sizes of the results in a message, which never changes; they are long, so they are measured once. */
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
