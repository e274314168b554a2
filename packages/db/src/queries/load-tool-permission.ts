import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import { type Login, type LoginState, selectLoginState } from './select-login-state.ts'

/** What decides whether a user may call a tool of one MCP server, as of one statement. */
export interface ToolPermission {
  /** Null where there is no such user. */
  readonly active: boolean | null
  readonly login_state: LoginState
  readonly is_blocked: boolean | null
  readonly blocked_services: string[] | null
  readonly mcp_access: string[] | null
  /** Unparsed. */
  readonly tool_restrictions: unknown
  /** Whether there is such a server, and it is active. */
  readonly server_active: boolean
}

/** Reads the user's account, login, block and role again just before a call of a tool of this server. */
export async function loadToolPermission(
  { userId, sid, server }: Login & { readonly server: string },
  { db }: Pick<Database, 'db'>,
): Promise<ToolPermission> {
  const { rows } = await sql<ToolPermission>`
    select
      account.active, role.mcp_access, role.tool_restrictions, block.is_blocked, block.blocked_services,
      ${selectLoginState({ userId, sid })} as login_state,
      exists (select from omni2.mcp_servers where name = ${server} and status = 'active') as server_active
    from (select ${userId}::int as id) wanted
    left join auth_service.users account on account.id = wanted.id
    left join auth_service.roles role on role.id = account.role_id
    left join omni2.user_blocks block on block.user_id = wanted.id
  `.execute(db)
  const [permission] = rows
  if (!permission) throw new Error('a tool permission has one row')
  return permission
}
