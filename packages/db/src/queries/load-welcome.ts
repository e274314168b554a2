import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import { type Login, type LoginState, selectLoginState } from './select-login-state.ts'
import { selectUsageToday, type UsageToday } from './select-usage-today.ts'

/** Everything a connection is welcomed or refused by. */
export interface Welcome extends UsageToday {
  readonly user_id: number
  readonly username: string
  readonly name: string
  readonly active: boolean
  readonly login_state: LoginState
  /** Null for a user without a role, as are the role's values below. */
  readonly role_id: number | null
  readonly role_name: string | null
  readonly mcp_access: string[] | null
  readonly tool_restrictions: unknown
  /** Requests a minute. */
  readonly rate_limit: number | null
  readonly rate_limit_override: number | null
  /** USD as decimal text; null = no limit. */
  readonly cost_limit_daily: string | null
  /** Null where the user has no block row. */
  readonly is_blocked: boolean | null
  readonly blocked_services: string[] | null
  readonly block_reason: string | null
  readonly custom_block_message: string | null
  /** The user's own, else the role's, else the default; null where no text is set. */
  readonly welcome_message: string | null
  readonly show_usage_info: boolean | null
  /** `omni2_config` key `limits.default`, unparsed; null where it is not set or not active. */
  readonly default_limits: unknown
}

/** What is known of a user at connect, in one statement; undefined when there is no such user. */
export async function loadWelcome(login: Login, { db }: Pick<Database, 'db'>): Promise<Welcome | undefined> {
  const { rows } = await sql<Welcome>`
    select
      "user".id as user_id, "user".username, "user".name, "user".active, "user".rate_limit_override,
      role.id as role_id, role.name as role_name, role.mcp_access, role.tool_restrictions,
      role.rate_limit, role.cost_limit_daily,
      block.is_blocked, block.blocked_services, block.block_reason, block.custom_block_message,
      welcome.welcome_message, welcome.show_usage_info,
      limits.config_value as default_limits,
      usage.used_cost_usd, usage.used_requests, usage.used_tokens,
      ${selectLoginState(login)} as login_state
    from auth_service.users "user"
    left join auth_service.roles role on role.id = "user".role_id
    left join omni2.user_blocks block on block.user_id = "user".id
    left join omni2.omni2_config limits on limits.config_key = 'limits.default' and limits.is_active
    left join lateral (
      select config.welcome_message, config.show_usage_info
      from omni2.chat_welcome_config config
      where (config.config_type, config.target_id) in (('user', "user".id), ('role', role.id))
         or (config.config_type = 'default' and config.target_id is null)
      order by array_position(array['user', 'role', 'default'], config.config_type::text)
      limit 1
    ) welcome on true
    cross join (${selectUsageToday(login.userId)}) usage
    where "user".id = ${login.userId}
  `.execute(db)
  return rows[0]
}
