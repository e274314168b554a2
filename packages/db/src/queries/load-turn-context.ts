import type { TurnMessage } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import { joinLimits, type LimitFacts, selectLimitFacts } from './select-limit-facts.ts'
import { type LoginState, selectLoginState } from './select-login-state.ts'

/** Everything a turn is checked by and answered with, as of one statement. */
export interface TurnContext extends LimitFacts {
  active: boolean | null
  login_state: LoginState
  role_name: string | null
  mcp_access: string[] | null
  tool_restrictions: unknown
  is_blocked: boolean | null
  blocked_services: string[] | null
  block_reason: string | null
  custom_block_message: string | null
  /** Until when operators may follow the user's events live. */
  monitored_until: Date | null
  /** `omni2_config` keys `system_prompt.role.<role>` and `system_prompt.default`, unparsed; null where not set or not active. */
  role_system_prompt: unknown
  default_system_prompt: unknown
  /** Names of the active MCP servers, sorted. */
  mcp_servers: string[]
  /** Whether the turn that this one replaces is the user's, in this conversation; null when it replaces none. */
  replaced_known: boolean | null
  /** Earlier turns of the conversation that count in its history, oldest first. */
  history: { user_text: string; answer: string }[]
}

/** Loads a claimed turn's context in one statement, after and outside the claim's own snapshot. */
export async function loadTurnContext(
  turn: TurnMessage,
  { historyTurns }: { historyTurns: number },
  { db }: Pick<Database, 'db'>,
): Promise<TurnContext> {
  const { user_id: userId, sid } = turn.identity
  const { rows } = await sql<TurnContext>`
    select
      account.active,
      role.name as role_name, role.mcp_access, role.tool_restrictions,
      block.is_blocked, block.blocked_services, block.block_reason, block.custom_block_message,
      ${selectLoginState({ userId, sid })} as login_state,
      monitored.expires_at as monitored_until,
      role_prompt.config_value as role_system_prompt, default_prompt.config_value as default_system_prompt,
      array(select name::text from omni2.mcp_servers where status = 'active' order by name) as mcp_servers,
      ${selectLimitFacts({ userId, turnId: turn.session_id })},
      ${selectReplacedKnown(turn)} as replaced_known,
      ${selectHistory(turn, historyTurns)} as history
    from (select ${userId}::int as id) wanted
    left join auth_service.users account on account.id = wanted.id
    left join auth_service.roles role on role.id = account.role_id
    left join omni2.user_blocks block on block.user_id = wanted.id
    left join omni2.monitored_users monitored on monitored.user_id = wanted.id
    left join omni2.omni2_config role_prompt
      on role_prompt.config_key = 'system_prompt.role.' || role.name and role_prompt.is_active
    left join omni2.omni2_config default_prompt
      on default_prompt.config_key = 'system_prompt.default' and default_prompt.is_active
    ${joinLimits(userId)}
  `.execute(db)
  const [context] = rows
  if (!context) throw new Error('a turn context has one row')
  return context
}

/** Null for a turn that replaces none; false when that one is not of this user and conversation. */
const selectReplacedKnown = ({ replaces, conversation_id }: TurnMessage) => sql`(
  case when ${replaces}::uuid is not null then exists (
    select from omni2.turns
    where session_id = ${replaces}::uuid and conversation_id = ${conversation_id}::uuid and user_id = wanted.id) end)`

/** The ends of turns that may have said something. */
const saying = sql.join(['done', 'cancelled', 'interrupted'].map((end) => sql.lit(end)))

/**
 * What the user saw: each question with what was answered, however its turn ended; not one that was replaced, nor those that
 * followed it. What the model declined is not given to it again (docs: "Handle streaming refusals"), yet it replaces too.
 */
const selectHistory = (turn: TurnMessage, limit: number) => sql`(
  with replaced as materialized (
    select original.created_at as since, newer.created_at as until
    from omni2.turns newer join omni2.turns original on original.session_id = newer.replaces
    where newer.conversation_id = ${turn.conversation_id}::uuid and newer.replaces is not null
      and newer.status in (${saying}) and (newer.answer <> '' or newer.was_declined)
  )
  select coalesce(jsonb_agg(jsonb_build_object('user_text', user_text, 'answer', answer) order by created_at, session_id), '[]')
  from (
    select earlier.user_text, earlier.answer, earlier.created_at, earlier.session_id
    from omni2.turns earlier
    where earlier.conversation_id = ${turn.conversation_id}::uuid and earlier.user_id = wanted.id
      and earlier.status in (${saying}) and btrim(earlier.answer, E' \n\t\r') <> '' and not earlier.was_declined
      and (${turn.replaces}::uuid is null or earlier.created_at < (
        select created_at from omni2.turns where session_id = ${turn.replaces}::uuid))
      and not exists (
        select from replaced where replaced.since <= earlier.created_at and earlier.created_at < replaced.until)
    order by earlier.created_at desc, earlier.session_id desc limit ${limit}
  ) latest)`
