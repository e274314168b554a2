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

/** Room to keep free when a prompt is cut, because estimates are more exact for some parts than for others. */
const margin = 0.95

/**
 * The prompt, cut to the context window of the model if necessary. Estimates are on the safe side: a prompt that fits
 * by its estimate fits. For any other the API counts. The prompt is cut only if that count is too large, or if the API
 * does not answer.
 */
export async function fitToWindow(prompt: Prompt, { model, config }: FitDeps): Promise<Prompt> {
  const room = splitWindow(config).prompt
  const estimated = estimatePrompt(prompt)
  if (estimated <= room) return prompt
  const request = buildRequest(prompt, { model: config.MODEL, maxTokens: 1, userId: 0 })
  const counted = await countTokens(request, model).catch(() => estimated)
  return counted <= room ? prompt : fitPrompt(prompt, Math.floor((room * margin * estimated) / counted))
}
