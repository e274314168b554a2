import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'
import { sumUsageByDay } from '../select-limit-facts.ts'

/** A user's own limits over a period of their own; null = the default of this kind applies, over the defaults' period. */
export interface UsageLimits {
  /** UTC calendar days, ending today. */
  readonly period_days: number
  readonly max_requests: number | null
  readonly max_tokens: number | null
  /** USD. */
  readonly max_cost: number | null
  readonly is_active: boolean
}

/** A user's own limits; undefined when there are none. */
export async function loadUsageLimits(
  userId: number,
  { db }: Pick<Database, 'db'>,
): Promise<UsageLimits | undefined> {
  const { rows } = await sql<UsageLimits>`
    select period_days, max_requests, max_tokens, max_cost::float8 as max_cost, is_active
    from omni2.user_usage_limits where user_id = ${userId}
  `.execute(db)
  return rows[0]
}

/** Replaces a user's own limits. */
export async function saveUsageLimits(
  userId: number,
  limits: UsageLimits,
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    insert into omni2.user_usage_limits (user_id, period_days, max_requests, max_tokens, max_cost, is_active)
    values (${userId}, ${limits.period_days}, ${limits.max_requests}, ${limits.max_tokens}, ${limits.max_cost},
      ${limits.is_active})
    on conflict (user_id) do update set
      period_days = excluded.period_days, max_requests = excluded.max_requests, max_tokens = excluded.max_tokens,
      max_cost = excluded.max_cost, is_active = excluded.is_active, updated_at = now()
  `.execute(db)
}

/** Leaves a user to the role's limits and the defaults. */
export async function deleteUsageLimits(userId: number, { db }: Pick<Database, 'db'>): Promise<void> {
  await sql`delete from omni2.user_usage_limits where user_id = ${userId}`.execute(db)
}

/** What a user's turns that ended this UTC day count for, as their limits count it. */
export async function loadUsageToday(
  userId: number,
  { db }: Pick<Database, 'db'>,
): Promise<{ requests: number; tokens: number; cost_usd: number }> {
  const { rows } = await sql<{ requests: number; tokens: number; cost_usd: number }>`
    select requests::int, tokens::float8, cost_usd::float8 from (${sumUsageByDay(userId, sql`1`)}) today
  `.execute(db)
  return rows[0] ?? { requests: 0, tokens: 0, cost_usd: 0 }
}
