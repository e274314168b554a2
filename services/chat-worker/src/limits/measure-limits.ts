import type { LimitKind, LimitState } from '@omni2/contracts'
import type { TurnContext } from '@omni2/db'
import type { Limits } from './read-limits.ts'

export interface Measured {
  usage: TurnContext['usage']
  /** Other turns of the user that run now. */
  runningTurns: number
  /** Requests of the current minute and when it ends; this one left out. */
  rate: { used: number; resetAt: Date } | null
  now: Date
}

/** Compares what a user has used with each limit that is set; a period of N days is N UTC calendar days ending today. */
export function measureLimits(limits: Limits, measured: Measured): LimitState[] {
  const tomorrow = startOfNextDay(measured.now)
  const today = findUsage(measured, 1)
  const states = [
    measured.rate &&
      describe('requests_per_minute', limits.requestsPerMinute, measured.rate.used, measured.rate.resetAt),
    describe('concurrent_turns', limits.concurrentTurns, measured.runningTurns, null),
    describe('cost_daily', limits.costDaily, today.cost_usd, tomorrow),
    ...limits.periods.flatMap(({ days, requests, tokens, cost }) => {
      const used = findUsage(measured, days)
      return [
        describe('requests_period', requests, used.requests + measured.runningTurns, tomorrow),
        describe('tokens_period', tokens, used.tokens, tomorrow),
        describe('cost_period', cost, used.cost_usd, tomorrow),
      ]
    }),
  ]
  return states.filter((state) => state !== null)
}

function describe(
  kind: LimitKind,
  limit: number | null,
  used: number,
  resetAt: Date | null,
): LimitState | null {
  if (limit === null) return null
  const remaining = Math.max(0, roundUsd(limit - used))
  return { kind, limit, used: roundUsd(used), remaining, reset_at: resetAt?.toISOString() ?? null }
}

const findUsage = ({ usage }: Measured, days: number) =>
  usage.find((period) => period.days === days) ?? { requests: 0, tokens: 0, cost_usd: 0 }

/** Sums of costs in binary fractions; 8 decimals are what is billed. */
const roundUsd = (value: number): number => Math.round(value * 1e8) / 1e8

const startOfNextDay = (now: Date): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
