import type { LimitKind, LimitState } from '@omni2/contracts'
import type { LimitFacts } from '@omni2/db'
import type { RequestRate } from './count-requests.ts'
import type { Limits } from './read-limits.ts'
import { toUnits, toUsd, type Amount } from './worst-case.ts'

export interface Measured {
  facts: Pick<LimitFacts, 'usage' | 'live'>
  /** Requests of the current minute before this one and when it ends; null: not to be measured. */
  rate: RequestRate | null
  /** The attempt that asks. Reservations of earlier attempts of its turn count as spent. 0: no attempt asks. */
  attempt: number
  now: Date
}

/**
 * Compares the usage of a user with each limit that is set: the cost of ended turns, the reservations of running turns,
 * and what dead attempts may have spent. A period of N days is N UTC calendar days ending today. A period that could
 * not be summed counts as used up.
 */
export function measureLimits(limits: Limits, measured: Measured): LimitState[] {
  const { facts, rate, now } = measured
  const tomorrow = startOfNextDay(now)
  const states = [
    rate && describe('requests_per_minute', limits.requestsPerMinute, rate.used, rate.resetAt),
    describe('concurrent_turns', limits.concurrentTurns, facts.live.running, null),
    describe('cost_daily', limits.costDaily, sumUsed(1, measured)?.cost, tomorrow),
    ...limits.periods.flatMap(({ days, requests, tokens, cost }) => {
      const used = sumUsed(days, measured)
      return [
        describe('requests_period', requests, used?.requests, tomorrow),
        describe('tokens_period', tokens, used?.tokens, tomorrow),
        describe('cost_period', cost, used?.cost, tomorrow),
      ]
    }),
  ]
  return states.filter((state) => state !== null)
}

/** What one limit leaves for model calls. A limit of another kind leaves everything. */
export function roomUnder({ kind, limit, used }: LimitState): Amount {
  const left = limit === null ? Infinity : limit - used
  if (kind === 'cost_daily' || kind === 'cost_period') return { usd: toUnits(left), tokens: Infinity }
  return { usd: Infinity, tokens: kind === 'tokens_period' ? left : Infinity }
}

/** What all limits together leave for model calls. */
export const roomUnderAll = (states: readonly LimitState[]): Amount =>
  states.map(roomUnder).reduce(
    (room, other) => ({
      usd: Math.min(room.usd, other.usd),
      tokens: Math.min(room.tokens, other.tokens),
    }),
    { usd: Infinity, tokens: Infinity },
  )

function sumUsed(days: number, { facts: { usage, live }, attempt }: Measured) {
  const ended = usage.find((period) => period.days === days)
  if (!ended) return undefined
  const dead = live.own && live.own.attempt < attempt ? live.own : undefined
  const costs = [ended.cost_usd, live.cost_usd, dead?.cost_usd]
  return {
    requests: ended.requests + live.running,
    tokens: ended.tokens + live.tokens + (dead?.tokens ?? 0),
    // Sums of costs in binary fractions would drift; 8 decimals are what is billed.
    cost: toUsd(costs.reduce<number>((sum, cost) => sum + toUnits(cost ?? 0), 0)),
  }
}

function describe(
  kind: LimitKind,
  limit: number | null,
  measured: number | undefined,
  resetAt: Date | null,
): LimitState | null {
  if (limit === null) return null
  const used = measured ?? limit
  const remaining = Math.max(0, toUsd(toUnits(limit) - toUnits(used)))
  return { kind, limit, used, remaining, reset_at: resetAt?.toISOString() ?? null }
}

const startOfNextDay = (now: Date): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
