import { longestPeriodDays } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'
import { startOf } from '../select-limit-facts.ts'

/** How much of one limit a user has used. */
export interface NearLimit {
  readonly user_id: number
  readonly username: string
  readonly kind: 'cost_daily' | 'requests_period' | 'tokens_period' | 'cost_period'
  /** UTC calendar days, ending today. */
  readonly period_days: number
  readonly used: number
  readonly limit: number
  /** `used` by `limit`; a limit of 0 is used up. */
  readonly share: number
}

/**
 * Users who have used at least this share of what a UTC day may cost them, by their role or the default, or of a limit
 * of their own; the nearest first.
 */
export async function listNearLimits(
  { from, limit }: { readonly from: number; readonly limit: number },
  { db }: Pick<Database, 'db'>,
): Promise<NearLimit[]> {
  const { rows } = await sql<NearLimit>`
    with spent_today as (
      select user_id, sum(cost_usd) as cost from omni2.usage_days where day >= ${startOf(sql`1`)} group by user_id
    ), default_cost as (
      select (config_value ->> 'cost_daily')::numeric as cost_daily from omni2.omni2_config
      where config_key = 'limits.default' and is_active and jsonb_typeof(config_value -> 'cost_daily') = 'number'
    ), daily as (
      select account.id as user_id, 'cost_daily' as kind, 1 as period_days, spent_today.cost as used,
        coalesce(role.cost_limit_daily, (select cost_daily from default_cost)) as most
      from spent_today join auth_service.users account on account.id = spent_today.user_id
      left join auth_service.roles role on role.id = account.role_id
    ), own as (
      select limits.user_id, kinds.kind, days.days as period_days, kinds.used, kinds.most
      from omni2.user_usage_limits limits
      cross join lateral (select least(limits.period_days, ${sql.lit(longestPeriodDays)}) as days) days
      cross join lateral (
        select sum(requests) as requests, sum(tokens_input + tokens_output + tokens_abandoned) as tokens,
          sum(cost_usd) as cost
        from omni2.usage_days
        where usage_days.user_id = limits.user_id and day >= ${startOf(sql`days.days`)}
      ) used
      cross join lateral (values
        ('requests_period', used.requests::numeric, limits.max_requests::numeric),
        ('tokens_period', used.tokens::numeric, limits.max_tokens::numeric),
        ('cost_period', used.cost, limits.max_cost)
      ) as kinds (kind, used, most)
      where limits.is_active
    ), shares as (
      select user_id, kind, period_days, coalesce(used, 0) as used, most,
        case when most = 0 then 1 else coalesce(used, 0) / most end as share
      from (select * from daily union all select * from own) measured where most is not null
    )
    select shares.user_id, account.username, kind, period_days, used::float8 as used, most::float8 as "limit",
      share::float8 as share
    from shares join auth_service.users account on account.id = shares.user_id
    where share >= ${from}::float8
    order by share desc, user_id, kind limit ${limit}
  `.execute(db)
  return rows
}
