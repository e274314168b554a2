import type { Anthropic } from '@anthropic-ai/sdk'
import type { CalledReply } from './called-reply.ts'
import { classifyFailure } from './classify-failure.ts'
import { estimateUnansweredUsage } from './estimate-usage.ts'
import { observeRequest, type ObserveRequestDeps } from './observe-request.ts'
import { noUsage } from '../prices.ts'
import { makeEmptyReply, streamReply, type StreamDeps } from './stream-reply.ts'
import { wasSent } from './was-sent.ts'

export type CallDeps = StreamDeps & ObserveRequestDeps

/** Calls the model once. Never rejects; an abort is a failure. */
export const callModel = (
  request: Anthropic.MessageCreateParamsNonStreaming,
  deps: CallDeps,
): Promise<CalledReply> => observeRequest(request, () => gatherReply(request, deps), deps)

async function gatherReply(
  request: Anthropic.MessageCreateParamsNonStreaming,
  deps: StreamDeps,
): Promise<CalledReply> {
  const isMade = !deps.signal.aborted
  try {
    const { cut, ...reply } = await streamReply(request, deps)
    return { ...reply, failure: cut === undefined ? undefined : classifyFailure(cut) }
  } catch (error) {
    const usage = isMade && wasSent(error) ? estimateUnansweredUsage(request) : noUsage
    return { ...makeEmptyReply(request.model), usage, failure: classifyFailure(error) }
  }
}
