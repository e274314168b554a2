import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import { joinLimits, type LimitFacts, selectLimitFacts } from './select-limit-facts.ts'
import { type Login, type LoginState, selectLoginState } from './select-login-state.ts'

/** Everything a connection is welcomed or refused by. */
export interface Welcome extends LimitFacts {
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
  /** Null where the user has no block row. */
  readonly is_blocked: boolean | null
  readonly blocked_services: string[] | null
  readonly block_reason: string | null
  readonly custom_block_message: string | null
  /** The user's own, else the role's, else the default; null where no text is set. */
  readonly welcome_message: string | null
  readonly show_usage_info: boolean | null
  /** The database's time. */
  readonly now: Date
}

/** What is known of a user at connect, in one statement; undefined when there is no such user. */
export async function loadWelcome(login: Login, { db }: Pick<Database, 'db'>): Promise<Welcome | undefined> {
  const { rows } = await sql<Welcome>`
    select
      account.id as user_id, account.username, account.name, account.active,
      role.id as role_id, role.name as role_name, role.mcp_access, role.tool_restrictions,
      block.is_blocked, block.blocked_services, block.block_reason, block.custom_block_message,
      welcome.welcome_message, welcome.show_usage_info, clock_timestamp() as now,
      ${selectLimitFacts({ userId: login.userId, turnId: null })},
      ${selectLoginState(login)} as login_state
    from auth_service.users account
    left join auth_service.roles role on role.id = account.role_id
    left join omni2.user_blocks block on block.user_id = account.id
    ${joinLimits(login.userId)}
    left join lateral (
      select config.welcome_message, config.show_usage_info
      from omni2.chat_welcome_config config
      where (config.config_type, config.target_id) in (('user', account.id), ('role', role.id))
         or (config.config_type = 'default' and config.target_id is null)
      order by array_position(array['user', 'role', 'default'], config.config_type::text)
      limit 1
    ) welcome on true
    where account.id = ${login.userId}
  `.execute(db)
  return rows[0]
}
