import type { TurnMessage } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import { type LoginState, selectLoginState } from './select-login-state.ts'

/** Everything a turn is checked by and answered with, as of one statement. */
export interface TurnContext {
  active: boolean | null
  login_state: LoginState
  role_name: string | null
  mcp_access: string[] | null
  tool_restrictions: unknown
  rate_limit: number | null
  rate_limit_override: number | null
  /** USD as decimal text; null = not set. */
  cost_limit_daily: string | null
  is_blocked: boolean | null
  blocked_services: string[] | null
  block_reason: string | null
  custom_block_message: string | null
  /** `omni2_config` key `limits.default`, unparsed. */
  default_limits: unknown
  user_limits: UserLimits | null
  /** Names of the active MCP servers, sorted. */
  mcp_servers: string[]
  usage: PeriodUsage[]
  /** Other turns of the user that run right now. */
  running_turns: number
  /** Whether the turn that this one replaces is the user's, in this conversation; null when it replaces none. */
  replaced_known: boolean | null
  /** Earlier turns of the conversation that count in its history, oldest first. */
  history: { user_text: string; answer: string }[]
}

/** A user's own limits; null = not set. */
export interface UserLimits {
  period_days: number
  max_requests: number | null
  max_tokens: number | null
  max_cost: number | null
}

/** What a user's admitted turns that ended in the last `days` UTC calendar days came to. */
export interface PeriodUsage {
  days: number
  requests: number
  tokens: number
  cost_usd: number
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
      account.active, account.rate_limit_override,
      role.name as role_name, role.mcp_access, role.tool_restrictions, role.rate_limit, role.cost_limit_daily,
      block.is_blocked, block.blocked_services, block.block_reason, block.custom_block_message,
      ${selectLoginState({ userId, sid })} as login_state,
      defaults.config_value as default_limits,
      case when own.user_id is not null then jsonb_build_object(
        'period_days', own.period_days, 'max_requests', own.max_requests,
        'max_tokens', own.max_tokens, 'max_cost', own.max_cost) end as user_limits,
      array(select name::text from omni2.mcp_servers where status = 'active' order by name) as mcp_servers,
      ${selectRunningTurns(turn)} as running_turns,
      ${selectUsage(turn)} as usage,
      ${selectReplacedKnown(turn)} as replaced_known,
      ${selectHistory(turn, historyTurns)} as history
    from (select ${userId}::int as id) wanted
    left join auth_service.users account on account.id = wanted.id
    left join auth_service.roles role on role.id = account.role_id
    left join omni2.user_blocks block on block.user_id = wanted.id
    left join omni2.user_usage_limits own on own.user_id = wanted.id and own.is_active
    left join omni2.omni2_config defaults on defaults.config_key = 'limits.default' and defaults.is_active
  `.execute(db)
  const [context] = rows
  if (!context) throw new Error('a turn context has one row')
  return context
}

const selectRunningTurns = (turn: TurnMessage) => sql`(
  select count(*)::int from omni2.turns
  where user_id = ${turn.identity.user_id} and ended_at is null and status = 'running' and session_id <> ${turn.session_id})`

/** Sums for today and for the periods that user and defaults set; refused and blocked turns used nothing. */
const selectUsage = (turn: TurnMessage) => sql`(
  select coalesce(jsonb_agg(to_jsonb(period)), '[]') from (
    select
      days.days, count(turn.session_id)::int as requests,
      coalesce(sum(turn.tokens_input + turn.tokens_output), 0)::float8 as tokens,
      coalesce(sum(coalesce(turn.cost_usd, 0) + turn.abandoned_cost_usd), 0)::float8 as cost_usd
    from (
      select 1 as days union select own.period_days
      union select (defaults.config_value ->> 'period_days')::int
        where defaults.config_value ->> 'period_days' ~ '^[1-9][0-9]{0,3}$'
    ) days
    left join omni2.turns turn on turn.user_id = wanted.id
      and turn.ended_at >= (date_trunc('day', now() at time zone 'UTC') - (days.days - 1) * interval '1 day') at time zone 'UTC'
      and turn.status not in ('refused', 'blocked') and turn.session_id <> ${turn.session_id}
    where days.days is not null
    group by days.days
  ) period)`

/** Null for a turn that replaces none; false when that one is not of this user and conversation. */
const selectReplacedKnown = ({ replaces, conversation_id }: TurnMessage) => sql`(
  case when ${replaces}::uuid is not null then exists (
    select from omni2.turns
    where session_id = ${replaces}::uuid and conversation_id = ${conversation_id}::uuid and user_id = wanted.id) end)`

/** Done and cancelled turns count with what was said; one that was replaced and those that followed it do not. */
const selectHistory = (turn: TurnMessage, limit: number) => sql`(
  select coalesce(jsonb_agg(jsonb_build_object('user_text', user_text, 'answer', answer) order by created_at, session_id), '[]')
  from (
    select earlier.user_text, earlier.answer, earlier.created_at, earlier.session_id
    from omni2.turns earlier
    where earlier.conversation_id = ${turn.conversation_id}::uuid and earlier.user_id = wanted.id
      and earlier.status in ('done', 'cancelled') and btrim(earlier.answer, E' \n\t\r') <> ''
      and (${turn.replaces}::uuid is null or earlier.created_at < (
        select created_at from omni2.turns where session_id = ${turn.replaces}::uuid))
      and not exists (
        select from omni2.turns newer join omni2.turns replaced on replaced.session_id = newer.replaces
        where newer.conversation_id = earlier.conversation_id
          and newer.status in ('done', 'cancelled') and newer.answer <> ''
          and replaced.created_at <= earlier.created_at and earlier.created_at < newer.created_at)
    order by earlier.created_at desc, earlier.session_id desc limit ${limit}
  ) latest)`
