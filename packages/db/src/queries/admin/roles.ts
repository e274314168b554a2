import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

export interface Role {
  readonly id: number
  readonly name: string
  readonly description: string | null
  /** Names of MCP servers, or `*`; empty or null = none. */
  readonly mcp_access: string[] | null
  readonly tool_restrictions: unknown
  readonly dashboard_access: string | null
  /** Requests a minute. */
  readonly rate_limit: number | null
  /** USD a UTC day; 0 = nothing, null = no limit. */
  readonly cost_limit_daily: number | null
  /** Seconds. */
  readonly token_expiry: number | null
  readonly users: number
}

/** The part of a role that operators write. */
export type RoleFields = Omit<Role, 'id' | 'name' | 'users'>

const selectRoles = sql`
  select role.id, role.name, description, mcp_access, tool_restrictions, dashboard_access, rate_limit,
    cost_limit_daily::float8 as cost_limit_daily, token_expiry,
    (select count(*)::int from auth_service.users where role_id = role.id) as users
  from auth_service.roles role`

/** Every role by name; deployments have few. */
export async function listRoles({ db }: Pick<Database, 'db'>): Promise<Role[]> {
  return (await sql<Role>`${selectRoles} order by role.name limit 1000`.execute(db)).rows
}

/** One role; undefined when there is none. */
export async function loadRole(name: string, { db }: Pick<Database, 'db'>): Promise<Role | undefined> {
  return (await sql<Role>`${selectRoles} where role.name = ${name}`.execute(db)).rows[0]
}

/** Adds or replaces a role. */
export async function saveRole(name: string, role: RoleFields, { db }: Pick<Database, 'db'>): Promise<void> {
  const restrictions = role.tool_restrictions == null ? null : JSON.stringify(role.tool_restrictions)
  await sql`
    insert into auth_service.roles
      (name, description, mcp_access, tool_restrictions, dashboard_access, rate_limit, cost_limit_daily, token_expiry)
    values (${name}, ${role.description}, ${role.mcp_access}, ${restrictions}::jsonb, ${role.dashboard_access},
      ${role.rate_limit}, ${role.cost_limit_daily}, ${role.token_expiry})
    on conflict (name) do update set
      description = excluded.description, mcp_access = excluded.mcp_access,
      tool_restrictions = excluded.tool_restrictions, dashboard_access = excluded.dashboard_access,
      rate_limit = excluded.rate_limit, cost_limit_daily = excluded.cost_limit_daily,
      token_expiry = excluded.token_expiry, updated_at = now()
  `.execute(db)
}

/** Deletes a role without users, and its welcome; false when a user has it. */
export async function deleteRole(name: string, { db }: Pick<Database, 'db'>): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    delete from auth_service.roles role
    where name = ${name} and not exists (select from auth_service.users where role_id = role.id)
    returning id
  `.execute(db)
  const [role] = rows
  if (role === undefined) return false
  await sql`
    delete from omni2.chat_welcome_config where config_type = 'role' and target_id = ${role.id}
  `.execute(db)
  return true
}
