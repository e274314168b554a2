import { type RawBuilder, sql } from 'kysely'

export interface UsageToday {
  /** USD as decimal text, dead attempts included. */
  readonly used_cost_usd: string
  /** Turns that got past their checks. */
  readonly used_requests: number
  readonly used_tokens: number
}

/**
 * SQL query, one row of UsageToday: what a user's turns that ended this UTC day used. What running turns may still
 * spend stands in `omni2.usage_reservations`.
 */
export function selectUsageToday(userId: number): RawBuilder<UsageToday> {
  return sql<UsageToday>`
    select
      coalesce(sum(coalesce(cost_usd, 0) + abandoned_cost_usd), 0) as used_cost_usd,
      count(*) filter (where status not in ('refused', 'blocked')) as used_requests,
      coalesce(sum(coalesce(tokens_input, 0) + coalesce(tokens_output, 0)), 0) as used_tokens
    from omni2.turns
    where user_id = ${userId} and ended_at >= date_trunc('day', now(), 'UTC')
  `
}
