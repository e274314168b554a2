import { setTimeout as sleep } from 'node:timers/promises'
import type { Anthropic } from '@anthropic-ai/sdk'
import { classifyFailure, type ModelFailure } from './classify-failure.ts'
import { addUsage, noUsage } from './prices.ts'
import { streamReply, type ModelReply } from './stream-reply.ts'

export interface CallDeps {
  client: Anthropic
  signal: AbortSignal
  stallMs: number
  tries: number
  onText: (text: string) => void
}

/** A reply and how many calls it took; with a failure the text is what was said before it. */
export interface CalledReply extends Omit<ModelReply, 'failure'> {
  calls: number
  failure: ModelFailure | undefined
}

/** The reply of a model that was not asked. */
export const sayNothing = (model: string): CalledReply => ({
  text: '',
  model,
  stopReason: null,
  usage: noUsage,
  failure: undefined,
  calls: 0,
})

/** Longest wait between two calls: a client is waiting, and so is the turn's deadline. */
const longestPauseMs = 8000
const firstPauseMs = 250

/** Calls the model, again while nothing has been said and the failure may pass. Never rejects; an abort is a failure. */
export async function callModel(
  request: Anthropic.MessageCreateParamsNonStreaming,
  deps: CallDeps,
): Promise<CalledReply> {
  let spent = noUsage
  for (let calls = 1; ; calls += 1) {
    const reply = await callOnce(request, deps)
    spent = addUsage(spent, reply.usage)
    const pauseMs =
      reply.failure?.retryAfterMs ?? firstPauseMs * 2 ** (calls - 1) * (0.75 + Math.random() / 2)
    if (isFinal(reply) || deps.signal.aborted || calls === deps.tries || pauseMs > longestPauseMs)
      return { ...reply, usage: spent, calls }
    await sleep(pauseMs, undefined, { signal: deps.signal }).catch(() => {})
  }
}

const isFinal = ({ text, failure }: Omit<CalledReply, 'calls'>): boolean => text !== '' || !failure?.retryable

async function callOnce(
  request: Anthropic.MessageCreateParamsNonStreaming,
  deps: CallDeps,
): Promise<Omit<CalledReply, 'calls'>> {
  try {
    const reply = await streamReply(request, deps)
    return { ...reply, failure: reply.failure === undefined ? undefined : classifyFailure(reply.failure) }
  } catch (error) {
    return { ...sayNothing(request.model), failure: classifyFailure(error) }
  }
}
