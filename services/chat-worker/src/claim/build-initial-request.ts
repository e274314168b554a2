import type { Anthropic } from '@anthropic-ai/sdk'
import { findServers, type TurnMessage } from '@omni2/contracts'
import type { TurnContext } from '@omni2/db'
import { buildRequest, type Prompt } from '../model/build-request.ts'
import { splitWindow } from '../model/context-window.ts'
import { openPrompt } from '../model/open-prompt.ts'
import { toolFilter } from '../steps/tool-filter.ts'
import type { Toolbox } from '../tools/toolbox.ts'

interface ForeseeDeps {
  config: Parameters<typeof openPrompt>[3]
  toolbox: Pick<Toolbox, 'known'>
}

/** The prompt of a turn with the tools that are known, and its first request, from which the worst case is computed. */
export function buildInitialRequest(
  turn: Pick<TurnMessage, 'text' | 'identity'>,
  context: TurnContext,
  { config, toolbox }: ForeseeDeps,
): { opening: Prompt; request: Anthropic.MessageCreateParamsNonStreaming } {
  const { permitted } = findServers(context.mcp_access, context.mcp_servers)
  const { tools } = toolFilter(context, permitted, { tools: toolbox.known(permitted), unreachable: [] })
  const options = { model: config.MODEL, maxTokens: splitWindow(config).reply, userId: turn.identity.user_id }
  const opening = openPrompt(turn, context, tools, config)
  return { opening, request: buildRequest(opening, options) }
}
