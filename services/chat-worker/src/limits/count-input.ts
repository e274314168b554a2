import type { Anthropic } from '@anthropic-ai/sdk'
import type { Logger } from '@omni2/service-kit'
import type { InputSize } from './admit-call.ts'
import { boundInputTokens, type PromptRequest } from './worst-case.ts'

interface CountDeps {
  client: Pick<Anthropic, 'messages'>
  log: Pick<Logger, 'warn'>
  /** Ends the wait early. */
  signal?: AbortSignal
}

/** Longest wait for the model's count, in milliseconds: a client waits for its turn to begin. */
const countTimeoutMs = 3000

/**
 * The size of a prompt as the API of the model counts it, which costs nothing; its bound if the API does not answer.
 */
export async function countInput(request: PromptRequest, { log, ...deps }: CountDeps): Promise<InputSize> {
  try {
    return { tokens: await countTokens(request, deps), isFinal: true }
  } catch (error) {
    log.warn({ err: error }, 'prompt not counted: it is bounded')
    return { tokens: boundInputTokens(request), isFinal: true }
  }
}

/** The count of the API; rejects if the API does not answer in time. */
export async function countTokens(
  request: PromptRequest,
  { client, signal }: Omit<CountDeps, 'log'>,
): Promise<number> {
  const { model, system, tools, tool_choice, thinking, messages } = request
  const prompt = { model, system, tools, tool_choice, thinking, messages }
  const set = Object.fromEntries(Object.entries(prompt).filter(([, value]) => value !== undefined))
  // The timeout of the client would end with the head of the answer.
  const late = AbortSignal.timeout(countTimeoutMs)
  const options = { maxRetries: 0, signal: signal ? AbortSignal.any([late, signal]) : late }
  const { input_tokens: tokens } = await client.messages.countTokens({ ...set, model, messages }, options)
  return tokens
}
