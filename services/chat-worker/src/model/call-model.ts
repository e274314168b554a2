import type { Anthropic } from '@anthropic-ai/sdk'
import { classifyFailure, type ModelFailure } from './classify-failure.ts'
import { makeEmptyReply, streamReply, type ModelReply, type StreamDeps } from './stream-reply.ts'

/** A reply of the model; with a failure it is what was said before it. */
export interface CalledReply extends ModelReply {
  failure: ModelFailure | undefined
}

/** Calls the model once. Never rejects; an abort is a failure. */
export async function callModel(
  request: Anthropic.MessageCreateParamsNonStreaming,
  deps: StreamDeps,
): Promise<CalledReply> {
  try {
    const { cut, ...reply } = await streamReply(request, deps)
    return { ...reply, failure: cut === undefined ? undefined : classifyFailure(cut) }
  } catch (error) {
    return { ...makeEmptyReply(request.model), failure: classifyFailure(error) }
  }
}
