import { z } from 'zod'

/** Kinds of limit a turn is measured against; per kind the first set value of user, role, default applies. */
export const limitKinds = [
  'requests_per_minute',
  'concurrent_turns',
  'cost_daily',
  'requests_period',
  'tokens_period',
  'cost_period',
] as const

export type LimitKind = (typeof limitKinds)[number]

/** One limit as measured: `limit` null means none. Costs are USD; `reset_at` is ISO 8601 or null for a running count. */
export const limitStateSchema = z.looseObject({
  kind: z.enum(limitKinds),
  limit: z.number().nullable(),
  used: z.number(),
  remaining: z.number().nullable(),
  reset_at: z.iso.datetime().nullable(),
})

export type LimitState = z.infer<typeof limitStateSchema>

const setting = z.number().min(0).nullish()

/** Longest period that usage is summed over, in UTC calendar days. */
export const longestPeriodDays = 3660

/** The period of limits that are set without one, in UTC calendar days. */
export const usualPeriodDays = 30

/** `omni2_config` key `limits.default`: what applies where neither user nor role says otherwise; null = no limit. */
export const defaultLimitsSchema = z.looseObject({
  requests_per_minute: setting,
  concurrent_turns: setting,
  /** USD. */
  cost_daily: setting,
  /** UTC calendar days, ending today; 30 where it is not set. */
  period_days: z.int().min(1).max(longestPeriodDays).nullish(),
  max_requests: setting,
  max_tokens: setting,
  /** USD. */
  max_cost: setting,
})
