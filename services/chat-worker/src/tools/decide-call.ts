import type { ToolPermission } from '@omni2/db'
import { decideTool, type ToolDecision } from '../permissions/decide-tool.ts'
import { findServers } from '../permissions/find-servers.ts'
import { parseRestrictions } from '../permissions/parse-restrictions.ts'
import { isBlockedForChat } from '../permissions/block.ts'

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
  if (!permission.active) return 'account_inactive'
  if (isBlockedForChat(permission) || isBlockedForTools(permission)) return 'blocked'
  // A login that merely runs out lets the turn end that it began.
  if (permission.login_state === 'revoked') return 'login_revoked'
  if (!permission.server_active) return 'server_inactive'
  return undefined
}

/** Blocks name `mcp` for users who may chat, but without tools. */
const isBlockedForTools = ({ is_blocked, blocked_services }: ToolPermission): boolean =>
  is_blocked === true && (blocked_services?.includes('mcp') ?? true)
