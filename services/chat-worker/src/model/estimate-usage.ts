import type { Anthropic } from '@anthropic-ai/sdk'
import { estimateTokens } from './estimate-tokens.ts'
import { listBlocks } from './list-blocks.ts'
import { countInput, noUsage, type Usage } from '../prices.ts'
import type { CountedUsage } from './read-counts.ts'

type PromptRequest = Pick<Anthropic.MessageCreateParamsNonStreaming, 'system' | 'tools' | 'messages'>

/** Usage of a call that was sent and not answered. The model may have read the whole prompt, so all of it counts. */
export const estimateUnansweredUsage = (request: PromptRequest): Usage => ({
  ...noUsage,
  input: estimateInput(request),
  estimated: true,
})

/** Usage of an answered call: the counts of the API, the rest estimated from the prompt and the reply. */
export function completeUsage(
  counted: CountedUsage,
  request: PromptRequest,
  { outputTokens, isWhole }: { outputTokens: number; isWhole: boolean },
): Usage {
  const { cacheRead = 0, cacheWrite = 0 } = counted
  const output = isWhole ? counted.output : undefined
  return {
    input: counted.input ?? Math.max(0, estimateInput(request) - cacheRead - cacheWrite),
    cacheRead,
    cacheWrite,
    output: output ?? Math.max(counted.output ?? 0, outputTokens),
    estimated: counted.input === undefined || output === undefined,
  }
}

/** Usage of a call with its estimates capped at its allowance. Counts of the API stay unchanged. */
export function boundUsage(
  usage: Usage,
  request: PromptRequest,
  granted: { input: number; output: number },
): Usage {
  if (!usage.estimated) return usage
  const isCounted = countInput(usage) !== estimateInput(request)
  const input = Math.min(usage.input, Math.max(0, granted.input - usage.cacheRead - usage.cacheWrite))
  return { ...usage, input: isCounted ? usage.input : input, output: Math.min(usage.output, granted.output) }
}

/** Tokens that the API puts around each block. */
const blockTokens = 20

/** Tokens that a request reads, on the safe side. */
export function estimateInput({ system, tools, messages }: PromptRequest): number {
  const blocks = messages.flatMap(listBlocks)
  return blocks.reduce(
    (sum, block) => sum + blockTokens + estimateTokens(readBlock(block)),
    estimateTokens(JSON.stringify([system, tools])),
  )
}

/** The model reads texts as they are, everything else as JSON. */
function readBlock(block: Anthropic.ContentBlockParam): string {
  if (block.type === 'text') return block.text
  if (block.type === 'tool_result' && typeof block.content === 'string') return block.content
  return JSON.stringify(block)
}
