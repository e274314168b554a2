import { errorCodes, type ErrorCodeName, type LimitKind, type LimitState } from '@omni2/contracts'
import { passed, refused, type CheckResult } from './step.ts'

const refusalCodes: Record<LimitKind, ErrorCodeName> = {
  requests_per_minute: 'rate_limited',
  concurrent_turns: 'concurrency_limited',
  cost_daily: 'cost_limit',
  requests_period: 'request_limit',
  tokens_period: 'token_limit',
  cost_period: 'cost_limit',
}

/** Every limit that is set has something left; the first that has not decides, and all that was measured is recorded. */
export function usageCheck(limits: readonly LimitState[], now: Date): CheckResult {
  const exhausted = limits.find(({ remaining }) => remaining === 0)
  if (!exhausted) return passed({ limits })
  const code = refusalCodes[exhausted.kind]
  const refusal = {
    end: 'refused',
    code,
    text: errorCodes[code].text,
    fields: describe(exhausted, now),
  } as const
  return refused(refusal, { limits, exhausted: exhausted.kind })
}

function describe({ kind, limit, used, reset_at }: LimitState, now: Date) {
  const reset =
    reset_at === null ? {} : { reset_at, retry_after_ms: Math.max(0, Date.parse(reset_at) - now.getTime()) }
  return { limit_kind: kind, ...(limit === null ? {} : { limit }), used, remaining: 0, ...reset }
}
