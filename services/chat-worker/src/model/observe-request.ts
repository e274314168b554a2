import type { Anthropic } from '@anthropic-ai/sdk'
import { failSpan, semanticAttributes, withSpan, type Span } from '@omni2/telemetry'
import type { WorkerMetrics } from '../metrics.ts'
import type { CalledReply } from './called-reply.ts'
import { countInput } from '../prices.ts'

export interface ObserveRequestDeps {
  signal: AbortSignal
  metrics: Pick<WorkerMetrics, 'modelRequests' | 'modelSeconds'>
}

type RequestFacts = Pick<Anthropic.MessageCreateParamsNonStreaming, 'model' | 'max_tokens'>

/** Makes a request to the model in a span, and counts how it ended and how long it took. */
export function observeRequest(
  request: RequestFacts,
  make: () => Promise<CalledReply>,
  deps: ObserveRequestDeps,
): Promise<CalledReply> {
  const attributes = describeRequest(request)
  return withSpan({ name: `chat ${request.model}`, kind: 'client', attributes }, async (span) => {
    const begunAt = performance.now()
    const reply = await make()
    const result = nameResult(reply, deps)
    span.setAttributes(describeReply(reply, result))
    if (reply.failure && result !== 'stopped') failSpan(span, reply.failure)
    if (reply.failure?.isUnsent) return reply
    deps.metrics.modelRequests.add(1, { result })
    deps.metrics.modelSeconds.observe((performance.now() - begunAt) / 1000)
    return reply
  })
}

/** A request that the worker cancelled has not failed. */
function nameResult({ failure }: CalledReply, { signal }: Pick<ObserveRequestDeps, 'signal'>) {
  if (!failure) return 'ok'
  return signal.aborted ? 'stopped' : failure.code
}

const describeRequest = ({ model, max_tokens }: RequestFacts) => ({
  [semanticAttributes.genAiOperation]: 'chat',
  [semanticAttributes.genAiProvider]: 'anthropic',
  [semanticAttributes.genAiRequestModel]: model,
  [semanticAttributes.genAiRequestMaxTokens]: max_tokens,
})

/** Input includes tokens read from the cache and written to it, as the conventions require. */
const describeReply = (reply: CalledReply, result: string): Parameters<Span['setAttributes']>[0] => ({
  [semanticAttributes.outcome]: result,
  ...(reply.id !== null && {
    [semanticAttributes.genAiResponseId]: reply.id,
    [semanticAttributes.genAiResponseModel]: reply.model,
    [semanticAttributes.genAiInputTokens]: countInput(reply.usage),
    [semanticAttributes.genAiOutputTokens]: reply.usage.output,
    [semanticAttributes.genAiCacheReadTokens]: reply.usage.cacheRead,
    [semanticAttributes.genAiCacheWriteTokens]: reply.usage.cacheWrite,
  }),
  ...(reply.stopReason !== null && { [semanticAttributes.genAiFinishReasons]: [reply.stopReason] }),
})
