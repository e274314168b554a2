import { defaultLimitsSchema, usualPeriodDays } from '@omni2/contracts'
import type { LimitFacts } from '@omni2/db'
import type { z } from 'zod'

/** Limits that apply to one user; null = none. Costs in USD. */
export interface Limits {
  requestsPerMinute: number | null
  concurrentTurns: number | null
  costDaily: number | null
  /** The user's own and the defaults', each over its own days; a kind is limited in one of them. */
  periods: Period[]
}

interface Period {
  /** UTC calendar days, ending today. */
  days: number
  requests: number | null
  tokens: number | null
  cost: number | null
}

type LimitSources = Pick<
  LimitFacts,
  'rate_limit' | 'rate_limit_override' | 'cost_limit_daily' | 'user_limits' | 'default_limits'
>

/** Per kind of limit the first set value of user, role, default applies. Unreadable defaults admit nothing. */
export function readLimits(sources: LimitSources): Limits {
  const defaults = defaultLimitsSchema.safeParse(sources.default_limits ?? {})
  if (!defaults.success) return { requestsPerMinute: 0, concurrentTurns: 0, costDaily: 0, periods: [] }
  return {
    requestsPerMinute:
      sources.rate_limit_override ?? sources.rate_limit ?? defaults.data.requests_per_minute ?? null,
    concurrentTurns: defaults.data.concurrent_turns ?? null,
    costDaily: readNumber(sources.cost_limit_daily) ?? defaults.data.cost_daily ?? null,
    periods: readPeriods(sources.user_limits, defaults.data),
  }
}

function readPeriods(
  own: LimitFacts['user_limits'],
  defaults: z.infer<typeof defaultLimitsSchema>,
): Period[] {
  const { period_days, max_requests = null, max_tokens = null, max_cost = null } = own ?? {}
  const ownPeriod = {
    days: period_days ?? usualPeriodDays,
    requests: max_requests,
    tokens: max_tokens,
    cost: max_cost,
  }
  const defaultPeriod = {
    days: defaults.period_days ?? usualPeriodDays,
    requests: unlessSet(max_requests, defaults.max_requests),
    tokens: unlessSet(max_tokens, defaults.max_tokens),
    cost: unlessSet(max_cost, defaults.max_cost),
  }
  return [ownPeriod, defaultPeriod].filter(isLimited)
}

const unlessSet = (own: number | null, setting: number | null | undefined): number | null =>
  own === null ? (setting ?? null) : null

const isLimited = ({ requests, tokens, cost }: Period): boolean => (requests ?? tokens ?? cost) !== null

const readNumber = (decimal: string | null): number | null => (decimal === null ? null : Number(decimal))
