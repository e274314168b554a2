import type { Anthropic } from '@anthropic-ai/sdk'
import type { TurnMessage } from '@omni2/contracts'
import type { TurnContext } from '@omni2/db'
import { buildRequest } from '../model/build-request.ts'
import { splitWindow } from '../model/context-window.ts'
import { openPrompt } from '../model/open-prompt.ts'
import { findServers } from '../permissions/find-servers.ts'
import { toolFilter } from '../steps/tool-filter.ts'
import type { Toolbox } from '../tools/toolbox.ts'

interface ForeseeDeps {
  config: Parameters<typeof openPrompt>[3]
  toolbox: Pick<Toolbox, 'known'>
}

/** The first request of a turn if it is admitted. Its worst case is computed from it. */
export function buildInitialRequest(
  turn: Pick<TurnMessage, 'text' | 'identity'>,
  context: TurnContext,
  { config, toolbox }: ForeseeDeps,
): Anthropic.MessageCreateParamsNonStreaming {
  const { permitted } = findServers(context.mcp_access, context.mcp_servers)
  const { tools } = toolFilter(context, permitted, { tools: toolbox.known(permitted), unreachable: [] })
  const options = { model: config.MODEL, maxTokens: splitWindow(config).reply, userId: turn.identity.user_id }
  return buildRequest(openPrompt(turn, context, tools, config), options)
}
