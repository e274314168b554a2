import type { Anthropic } from '@anthropic-ai/sdk'
import type { Config } from '../config.ts'
import { countTokens } from '../limits/count-input.ts'
import { buildRequest, type Prompt } from '../model/build-request.ts'
import { splitWindow } from '../model/context-window.ts'
import { estimatePrompt, fitPrompt } from '../model/fit-prompt.ts'

interface FitDeps {
  model: { client: Pick<Anthropic, 'messages'>; signal: AbortSignal }
  config: Pick<Config, 'MODEL' | 'MODEL_CONTEXT_TOKENS' | 'MODEL_MAX_TOKENS'>
}

/** What is left free where a prompt has to be cut: its parts differ in how far estimates are off. */
const margin = 0.95

/**
 * The prompt as it fits into the model's context window. Estimates are on the safe side, so one that fits by them fits; one
 * that does not is counted by the API, and cut only where it is too long by that, or where nobody answers.
 */
export async function fitToWindow(prompt: Prompt, { model, config }: FitDeps): Promise<Prompt> {
  const room = splitWindow(config).prompt
  const estimated = estimatePrompt(prompt)
  if (estimated <= room) return prompt
  const request = buildRequest(prompt, { model: config.MODEL, maxTokens: 1, userId: 0 })
  const counted = await countTokens(request, model).catch(() => estimated)
  return counted <= room ? prompt : fitPrompt(prompt, Math.floor((room * margin * estimated) / counted))
}
