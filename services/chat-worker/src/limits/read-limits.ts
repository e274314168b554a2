import type { TurnContext } from '@omni2/db'
import { z } from 'zod'

const setting = z.number().min(0).nullish()

/** `omni2_config` key `limits.default`: what applies where neither user nor role says otherwise; null = no limit. */
const defaultLimitsSchema = z.looseObject({
  requests_per_minute: setting,
  concurrent_turns: setting,
  cost_daily: setting,
  period_days: z.int().min(1).nullish(),
  max_requests: setting,
  max_tokens: setting,
  max_cost: setting,
})

/** Limits that apply to one user; null = none. Costs in USD. */
export interface Limits {
  requestsPerMinute: number | null
  concurrentTurns: number | null
  costDaily: number | null
  periods: { days: number; requests: number | null; tokens: number | null; cost: number | null }[]
}

type LimitSources = Pick<
  TurnContext,
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
  own: TurnContext['user_limits'],
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
