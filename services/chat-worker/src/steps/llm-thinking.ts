import type { Anthropic } from '@anthropic-ai/sdk'
import type { Prompt } from '../model/build-request.ts'
import type { Transcript } from '../transcript/transcript.ts'
import { passed, type StepResult } from '../record/step.ts'

/**
 * Asks the model once: what it is given of the conversation, the tokens that results of tools are shortened to where they
 * have to be, how much it may say, and after what it is asked again.
 */
export function llmThinking(
  prompt: Prompt,
  request: Pick<Anthropic.MessageCreateParamsNonStreaming, 'model' | 'max_tokens' | 'messages'>,
  transcript: Pick<Transcript, 'calls' | 'failure'>,
): StepResult {
  return passed({
    call: transcript.calls + 1,
    model: request.model,
    max_tokens: request.max_tokens,
    messages: request.messages.length,
    turns_left_out: prompt.turnsLeftOut,
    system_prompt: prompt.systemSource,
    tools: prompt.mayUseTools ? prompt.tools.length : 0,
    ...(prompt.resultTokens.length > 0 && { result_tokens: Math.min(...prompt.resultTokens) }),
    ...(transcript.failure && { after: transcript.failure.code, detail: transcript.failure.detail }),
  })
}
