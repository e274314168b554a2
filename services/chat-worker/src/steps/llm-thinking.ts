import type { TurnMessage } from '@omni2/contracts'
import type { TurnContext } from '@omni2/db'
import type { Config } from '../config.ts'
import { buildRequest, type BuiltRequest } from '../model/build-request.ts'
import type { ServerTool } from './tool-filter.ts'
import { passed, type StepResult } from './step.ts'

type RequestConfig = Pick<
  Config,
  'MODEL' | 'MODEL_MAX_TOKENS' | 'MODEL_HISTORY_TOKENS' | 'MODEL_SYSTEM_PROMPT'
>

/** Asks the model: what it is given of the conversation, and how much it may say. */
export function llmThinking(
  turn: TurnMessage,
  context: Pick<TurnContext, 'history'>,
  tools: readonly ServerTool[],
  config: RequestConfig,
): StepResult & Pick<BuiltRequest, 'request'> {
  const { request, turnsLeftOut } = buildRequest(turn.text, context.history, {
    model: config.MODEL,
    maxTokens: config.MODEL_MAX_TOKENS,
    historyTokens: config.MODEL_HISTORY_TOKENS,
    systemPrompt: config.MODEL_SYSTEM_PROMPT,
    userId: turn.identity.user_id,
  })
  const data = {
    model: request.model,
    max_tokens: request.max_tokens,
    messages: request.messages.length,
    turns_left_out: turnsLeftOut,
    tools: tools.length,
  }
  return { ...passed(data), request }
}
