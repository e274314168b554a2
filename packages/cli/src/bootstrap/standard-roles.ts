import type { RoleFields } from '@omni2/db'

interface StandardRole extends RoleFields {
  readonly name: string
}

const common = { tool_restrictions: {}, rate_limit: 60, cost_limit_daily: 10, token_expiry: 3600 }

/** The role of administrators, named after the first of ADMIN_ROLES. */
export const administratorFields: RoleFields = {
  ...common,
  description: 'Changes everything in the Admin API; every MCP server and tool',
  mcp_access: ['*'],
  dashboard_access: 'admin',
  rate_limit: 100,
  cost_limit_daily: 25,
}

/** Roles that a database without any gets beside the administrators'. Which MCP servers users may use is to be said. */
export const otherRoles: readonly StandardRole[] = [
  {
    ...common,
    name: 'operator',
    description: 'Reads everything in the Admin API; chats without tools',
    mcp_access: [],
    dashboard_access: 'none',
  },
  {
    ...common,
    name: 'user',
    description: 'Chats without tools until MCP servers are named in mcp_access',
    mcp_access: [],
    dashboard_access: 'none',
  },
]
