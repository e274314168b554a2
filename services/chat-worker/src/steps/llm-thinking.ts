import type { Anthropic } from '@anthropic-ai/sdk'
import type { Prompt } from '../model/build-request.ts'
import type { Transcript } from '../transcript/transcript.ts'
import { passed, type StepResult } from '../record/step.ts'

/**
 * One call of the model: the conversation that it gets, the lengths to which tool results are shortened, the length of
 * its reply, and the reason if it is a repetition.
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
