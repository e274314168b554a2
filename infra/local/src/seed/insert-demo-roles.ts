import type { Client } from 'pg'
import { demoRoles } from './demo-users.ts'

const insert = `
  insert into auth_service.roles
    (name, description, mcp_access, tool_restrictions, dashboard_access, rate_limit, cost_limit_daily)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (name) do`

const overwrite = `update set
    description = excluded.description, mcp_access = excluded.mcp_access,
    tool_restrictions = excluded.tool_restrictions, dashboard_access = excluded.dashboard_access,
    rate_limit = excluded.rate_limit, cost_limit_daily = excluded.cost_limit_daily`

/** Inserts the demo roles; roles of these names that are there change only with `reset`. */
export async function insertDemoRoles(
  db: Pick<Client, 'query'>,
  { reset }: { reset: boolean },
): Promise<void> {
  for (const role of demoRoles) {
    await db.query(`${insert} ${reset ? overwrite : 'nothing'}`, [
      role.name,
      role.description,
      role.mcpAccess,
      JSON.stringify(role.toolRestrictions),
      role.dashboardAccess,
      role.rateLimit,
      role.costLimitDaily,
    ])
  }
}
