import { findServers } from '@omni2/contracts'
import type { TurnContext } from '@omni2/db'
import { passed, type StepResult } from '../record/step.ts'

/** Which MCP servers the role may use. */
export function mcpPermissionCheck(
  context: Pick<TurnContext, 'mcp_access' | 'mcp_servers'>,
): StepResult & { servers: string[] } {
  const { permitted, denied } = findServers(context.mcp_access, context.mcp_servers)
  return { ...passed({ access: context.mcp_access ?? [], permitted, denied }), servers: permitted }
}
