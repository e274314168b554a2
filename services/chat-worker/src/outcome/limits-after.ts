import type { LimitKind, LimitState } from '@omni2/contracts'
import type { TurnOutcome } from './make-outcome.ts'
import { countInput } from '../prices.ts'
import { toUnits, toUsd } from '../limits/worst-case.ts'

/**
 * The outcome of an admitted turn with the limits of its user after it: as measured at the claim, with the request,
 * tokens and cost of this turn added. Other turns of the user since the claim are not included. Like a welcome it
 * leaves out the requests of the minute. It also leaves out limits that a new day has reset.
 */
export function addLimits(
  outcome: TurnOutcome,
  measured: readonly LimitState[],
  now = new Date(),
): TurnOutcome {
  const { terminal } = outcome
  const limits = limitsAfter(measured, outcome, now)
  return { ...outcome, terminal: { ...terminal, body: { ...terminal.body, limits } } }
}

function limitsAfter(
  measured: readonly LimitState[],
  { usage, result }: Pick<TurnOutcome, 'usage' | 'result'>,
  now: Date,
): LimitState[] {
  const cost = result?.cost_usd ?? 0
  const more: Record<LimitKind, number> = {
    requests_per_minute: 0,
    concurrent_turns: 0,
    requests_period: 1,
    tokens_period: usage ? countInput(usage) + usage.output : 0,
    cost_daily: cost,
    cost_period: cost,
  }
  return measured
    .filter(({ kind, reset_at }) => kind !== 'requests_per_minute' && !isOver(reset_at, now))
    .map((state) => useMore(state, more[state.kind]))
}

const isOver = (resetAt: string | null, now: Date): boolean =>
  resetAt !== null && Date.parse(resetAt) <= now.getTime()

function useMore(state: LimitState, more: number): LimitState {
  const used = toUnits(state.used) + toUnits(more)
  const remaining = state.limit === null ? null : Math.max(0, toUsd(toUnits(state.limit) - used))
  return { ...state, used: toUsd(used), remaining }
}
