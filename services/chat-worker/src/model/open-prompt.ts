import { isBlank, type TurnMessage } from '@omni2/contracts'
import type { TurnContext } from '@omni2/db'
import type { Config } from '../config.ts'
import type { OfferedTool } from '../tools/toolbox.ts'
import type { EarlierTurn, Prompt } from './build-request.ts'
import { chooseSystemPrompt } from './choose-system-prompt.ts'
import { splitWindow } from './context-window.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { estimatePrompt } from './fit-prompt.ts'

type PromptContext = Pick<TurnContext, 'history' | 'role_system_prompt' | 'default_system_prompt'>
type PromptConfig = Pick<
  Config,
  'MODEL' | 'MODEL_CONTEXT_TOKENS' | 'MODEL_MAX_TOKENS' | 'MODEL_HISTORY_TOKENS' | 'MODEL_SYSTEM_PROMPT'
>

/**
 * The first prompt of a turn: the system prompt and tools of its role, the part of the history that fits, and the text.
 */
export function openPrompt(
  { text }: Pick<TurnMessage, 'text'>,
  context: PromptContext,
  tools: readonly OfferedTool[],
  config: PromptConfig,
): Prompt {
  const system = chooseSystemPrompt(context, config.MODEL_SYSTEM_PROMPT)
  const alone: Prompt = {
    system: system.text,
    systemSource: system.source,
    tools,
    history: [],
    turnsLeftOut: context.history.length,
    text,
    rounds: [],
    resultTokens: [],
    mayUseTools: true,
  }
  const room = splitWindow(config).prompt - estimatePrompt(alone)
  const history = keepLatest(context.history, Math.min(config.MODEL_HISTORY_TOKENS, room))
  return { ...alone, history, turnsLeftOut: context.history.length - history.length }
}

/** Whether a prompt already offers these tools, and no others. */
export const hasTools = (prompt: Prompt, tools: readonly OfferedTool[]): boolean =>
  prompt.tools.length === tools.length && prompt.tools.every((tool, index) => tool === tools[index])

/** Tokens around the two messages of a turn. */
const turnTokens = 40

/** As many of the latest turns as fit into so many tokens. The API accepts no blank texts. */
function keepLatest(history: readonly EarlierTurn[], tokens: number): readonly EarlierTurn[] {
  const complete = history.filter(({ user_text, answer }) => !isBlank(user_text) && !isBlank(answer))
  let left = tokens
  const first = complete.findLastIndex((turn) => {
    left -= turnTokens + estimateTokens(turn.user_text) + estimateTokens(turn.answer)
    return left < 0
  })
  return complete.slice(first + 1)
}
