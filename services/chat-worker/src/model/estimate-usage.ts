import type { Anthropic } from '@anthropic-ai/sdk'
import { estimateTokens, noUsage, type Usage } from './prices.ts'

type PromptRequest = Pick<Anthropic.MessageCreateParamsNonStreaming, 'system' | 'tools' | 'messages'>

/** What a call used that was sent and never answered: all of its prompt was read, as far as anybody can tell. */
export const estimateUnansweredUsage = (request: PromptRequest): Usage => ({
  ...noUsage,
  input: estimateInput(request),
  estimated: true,
})

/** What a cut stream used: what the model counted until then, the rest estimated from what it was given and said. */
export function estimateCutUsage(
  { usage, stopReason }: { usage: Usage; stopReason: string | null },
  request: PromptRequest,
  outputTokens: number,
): Usage {
  if (stopReason !== null) return usage
  const isCounted = usage.input + usage.cacheRead + usage.cacheWrite > 0
  const input = isCounted ? usage.input : estimateInput(request)
  return { ...usage, input, output: Math.max(usage.output, outputTokens), estimated: true }
}

const estimateInput = ({ system, tools, messages }: PromptRequest): number =>
  estimateTokens(JSON.stringify([system, tools, messages]))
