import type { TurnMessage } from '@omni2/contracts'
import type { TurnContext } from '@omni2/db'
import type { Config } from '../config.ts'
import type { OfferedTool } from '../tools/toolbox.ts'
import { keepLatest, type Prompt } from './build-request.ts'
import { chooseSystemPrompt } from './choose-system-prompt.ts'

type PromptContext = Pick<TurnContext, 'history' | 'role_system_prompt' | 'default_system_prompt'>
type PromptConfig = Pick<Config, 'MODEL_HISTORY_TOKENS' | 'MODEL_SYSTEM_PROMPT'>

/** What the model is given first in a turn: its role's system prompt and tools, what fits of the history, and the text. */
export function openPrompt(
  { text }: Pick<TurnMessage, 'text'>,
  context: PromptContext,
  tools: readonly OfferedTool[],
  config: PromptConfig,
): Prompt {
  const system = chooseSystemPrompt(context, config.MODEL_SYSTEM_PROMPT)
  const history = keepLatest(context.history, config.MODEL_HISTORY_TOKENS)
  return {
    system: system.text,
    systemSource: system.source,
    tools,
    history,
    turnsLeftOut: context.history.length - history.length,
    canLeaveOut: history.length > 0,
    text,
    rounds: [],
    mayUseTools: true,
  }
}
