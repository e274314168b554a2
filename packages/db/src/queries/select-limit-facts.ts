import { longestPeriodDays, usualPeriodDays } from '@omni2/contracts'
import { type RawBuilder, sql } from 'kysely'

/** What a user's limits are and what counts against them, as of one statement. */
export interface LimitFacts {
  /** Requests a minute of the role, and of the user before it; null = not set. */
  rate_limit: number | null
  rate_limit_override: number | null
  /** USD as decimal text; null = not set. */
  cost_limit_daily: string | null
  /** `omni2_config` key `limits.default`, unparsed; null where it is not set or not active. */
  default_limits: unknown
  user_limits: UserLimits | null
  /** For today and for each period that user or defaults set. */
  usage: PeriodUsage[]
  live: LiveUsage
}

/** A user's own limits; null = not set. */
export interface UserLimits {
  /** UTC calendar days, ending today; at most the longest period that is summed. Below 1 where a row says so. */
  period_days: number
  max_requests: number | null
  max_tokens: number | null
  max_cost: number | null
}

/** The usage of a user's admitted turns that ended in the last `days` UTC calendar days, their dead attempts included. */
export interface PeriodUsage {
  days: number
  requests: number
  tokens: number
  cost_usd: number
}

/** What counts although it is in no ended turn. */
export interface LiveUsage {
  /** Turns that run; the one in question left out. */
  running: number
  /** What is reserved for them, and what dead attempts of any turn that runs may have spent. */
  cost_usd: number
  tokens: number
  /** What is reserved for the turn in question, by whichever of its attempts. */
  own: { attempt: number; cost_usd: number; tokens: number } | null
}

interface LimitScope {
  userId: number
  /** The turn in question; null: there is none. */
  turnId: string | null
}

/** SQL columns of LimitFacts, for a query that joins `account`, `role` and `joinLimits`. */
export const selectLimitFacts = (scope: LimitScope): RawBuilder<LimitFacts> => sql<LimitFacts>`
  account.rate_limit_override, role.rate_limit, role.cost_limit_daily,
  defaults.config_value as default_limits,
  case when own.user_id is not null then jsonb_build_object(
    'period_days', ${ownDays}, 'max_requests', own.max_requests,
    'max_tokens', own.max_tokens, 'max_cost', own.max_cost) end as user_limits,
  ${selectUsage(scope)} as usage,
  ${selectLive(scope)} as live`

/** SQL joins of what `selectLimitFacts` reads. */
export const joinLimits = (userId: number): RawBuilder<unknown> => sql`
  left join omni2.user_usage_limits own on own.user_id = ${userId} and own.is_active
  left join omni2.omni2_config defaults on defaults.config_key = 'limits.default' and defaults.is_active`

/** SQL query, one row a UTC day of the last `days` on which the user used something. */
export const sumUsageByDay = (userId: number, days: RawBuilder<number>): RawBuilder<unknown> => sql`
  select day, sum(requests) as requests, sum(tokens_input + tokens_output + tokens_abandoned) as tokens,
    sum(cost_usd) as cost_usd
  from omni2.usage_days
  where user_id = ${userId} and day >= ${startOf(days)}
  group by day`

/** SQL for the first of N UTC calendar days that end today. */
export const startOf = (days: RawBuilder<number>): RawBuilder<string> =>
  sql<string>`(now() at time zone 'UTC')::date - (${days} - 1)`

const ownDays = sql`least(own.period_days, ${sql.lit(longestPeriodDays)})`

/** The days of every setting that the contract accepts, in any notation; for other settings a sum that is never read. */
const defaultDays = sql`case jsonb_typeof(defaults.config_value -> 'period_days') when 'number'
  then greatest(1, least((defaults.config_value ->> 'period_days')::numeric, ${sql.lit(longestPeriodDays)}))::int
  else ${sql.lit(usualPeriodDays)} end`

/** Reads the days once, for the longest period. */
const selectUsage = ({ userId }: LimitScope) => sql`(
  with period as materialized (
    select 1 as days union select ${ownDays} where own.period_days > 0
    union select ${defaultDays} where defaults.config_value ?| '{max_requests,max_tokens,max_cost}'
  ), used as materialized (${sumUsageByDay(userId, sql`(select max(days) from period)`)})
  select jsonb_agg(to_jsonb(sums)) from (
    select
      period.days, coalesce(sum(used.requests), 0)::int as requests,
      coalesce(sum(used.tokens), 0)::float8 as tokens, coalesce(sum(used.cost_usd), 0)::float8 as cost_usd
    from period left join used on used.day >= ${startOf(sql`period.days`)}
    group by period.days
  ) sums)`

const selectLive = ({ userId, turnId }: LimitScope) => sql`(
  select jsonb_build_object(
    'running', turns.running, 'cost_usd', turns.cost_usd + held.cost_usd, 'tokens', turns.tokens + held.tokens,
    'own', held.own)
  from (
    select
      count(*) filter (where status = 'running' and session_id is distinct from ${turnId}::uuid) as running,
      coalesce(sum(abandoned_cost_usd), 0) as cost_usd, coalesce(sum(abandoned_tokens), 0) as tokens
    from omni2.turns where user_id = ${userId} and ended_at is null
  ) turns, (
    select
      coalesce(sum(amount_usd) filter (where counts), 0) as cost_usd,
      coalesce(sum(tokens) filter (where counts), 0) as tokens,
      jsonb_agg(jsonb_build_object('attempt', attempt, 'cost_usd', amount_usd, 'tokens', tokens))
        filter (where session_id = ${turnId}::uuid) -> 0 as own
    from (
      select *, session_id is distinct from ${turnId}::uuid and expires_at > now() as counts
      from omni2.usage_reservations where user_id = ${userId}
    ) reservation
  ) held)`
