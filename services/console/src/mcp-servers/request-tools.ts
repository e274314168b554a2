import { requests, type ToolsReply, type ToolsRequest } from '@omni2/contracts'
import type { RequestContext } from '../request/operation.ts'

/** Has a worker list the tools of an active MCP server. Throws NoResponderError or AnswerTimeoutError. */
export function requestTools(
  request: ToolsRequest,
  { bus, config }: Pick<RequestContext, 'bus' | 'config'>,
): Promise<ToolsReply> {
  return bus.request(requests.tools, request, { timeoutMs: config.CONSOLE_TOOLS_TIMEOUT_MS })
}
