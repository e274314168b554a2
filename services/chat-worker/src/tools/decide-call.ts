import { decideTool, findServers, parseRestrictions, type ToolDecision } from '@omni2/contracts'
import { findAccountRefusal, type ToolPermission } from '@omni2/db'

/** Whether a user may call a tool right now, by what was just read; the first reason against it is the rule. */
export function decideCall(
  { server, tool }: { server: string; tool: string },
  permission: ToolPermission,
): ToolDecision {
  const refusal = findRefusal(permission)
  if (refusal) return { permitted: false, rule: refusal }
  const { permitted: servers } = findServers(permission.mcp_access, [server])
  const restrictions = parseRestrictions(permission.tool_restrictions)
  return decideTool({ server, name: tool }, { servers, restrictions })
}

function findRefusal(permission: ToolPermission): string | undefined {
  const refusal = findAccountRefusal(permission, {
    // A login that merely runs out lets the turn end that it began.
    ignoring: ['login_expired'],
    // Blocks name `mcp` for users who may chat, but without tools.
    services: ['chat', 'mcp'],
  })
  return refusal ?? (permission.server_active ? undefined : 'server_inactive')
}
