import type { Anthropic } from '@anthropic-ai/sdk'
import { listBlocks } from './list-blocks.ts'
import { estimateTokens, takeTokens } from './estimate-tokens.ts'

/** Tokens of a result that are always shown: its marks, its beginning, and what says that it is shortened. */
export const leastResultTokens = 250

/** Characters kept of a result's end: the mark that closes it, and what its server's answer was cut to. */
const tailLength = 90

/** A tool's result in `tokens` at most, with what is left out and why; one that fits stays as it is. */
export function shortenResult(text: string, tokens: number): string {
  if (tokens === Infinity || estimateTokens(text) <= tokens) return text
  const tail = text.slice(-tailLength).replace(/^[\uDC00-\uDFFF]/, '')
  const rest = text.slice(0, text.length - tail.length)
  const say = (leftOut: number): string =>
    `\n[…]\n${tail}\n(Shortened: ${leftOut} of ${text.length} characters are left out at […], because the results of this turn do not fit into the context window together.)`
  const head = takeTokens(rest, tokens - estimateTokens(say(text.length)))
  return head + say(rest.length - head.length)
}

/** A message with each result in it shortened to `tokens`. */
export function shortenResults(message: Anthropic.MessageParam, tokens = Infinity): Anthropic.MessageParam {
  if (tokens === Infinity || message.role !== 'user') return message
  const shorten = (block: Block): Block =>
    isTextResult(block) ? { ...block, content: shortenResult(block.content, tokens) } : block
  return { role: 'user', content: listBlocks(message).map(shorten) }
}

/** Estimated sizes of the results in a message. */
export const measureResults = (message: Anthropic.MessageParam): number[] =>
  listBlocks(message)
    .filter(isTextResult)
    .map(({ content }) => estimateTokens(content))

type Block = Anthropic.ContentBlockParam
type TextResult = Anthropic.ToolResultBlockParam & { content: string }

function isTextResult(block: Block): block is TextResult {
  return block.type === 'tool_result' && typeof block.content === 'string'
}
