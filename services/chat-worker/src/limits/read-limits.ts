import { defaultLimitsSchema } from '@omni2/contracts'
import type { LimitFacts } from '@omni2/db'
import type { z } from 'zod'

/** Limits that apply to one user; null = none. Costs in USD. */
export interface Limits {
  requestsPerMinute: number | null
  concurrentTurns: number | null
  costDaily: number | null
  periods: { days: number; requests: number | null; tokens: number | null; cost: number | null }[]
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
): Limits['periods'] {
  const days = own?.period_days ?? defaults.period_days ?? null
  if (days === null) return []
  const period = {
    days,
    requests: own?.max_requests ?? defaults.max_requests ?? null,
    tokens: own?.max_tokens ?? defaults.max_tokens ?? null,
    cost: own?.max_cost ?? defaults.max_cost ?? null,
  }
  return [period]
}

const readNumber = (decimal: string | null): number | null => (decimal === null ? null : Number(decimal))
