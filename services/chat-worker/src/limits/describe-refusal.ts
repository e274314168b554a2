import { errorCodes, type ErrorCodeName, type LimitKind, type LimitState } from '@omni2/contracts'
import type { Refusal } from '../record/step.ts'

const refusalCodes: Record<LimitKind, ErrorCodeName> = {
  requests_per_minute: 'rate_limited',
  concurrent_turns: 'concurrency_limited',
  cost_daily: 'cost_limit',
  requests_period: 'request_limit',
  tokens_period: 'token_limit',
  cost_period: 'cost_limit',
}

/** The refusal for the client, with the limit that caused it. */
export function describeRefusal({ kind, limit, used, remaining, reset_at }: LimitState, now: Date): Refusal {
  const code = refusalCodes[kind]
  const waitMs = reset_at === null ? undefined : Math.max(0, Date.parse(reset_at) - now.getTime())
  const reset = reset_at === null ? {} : { reset_at, retry_after_ms: waitMs }
  const measured = {
    limit_kind: kind,
    ...(limit !== null && { limit }),
    used,
    ...(remaining !== null && { remaining }),
  }
  return { end: 'refused', code, text: errorCodes[code].text, fields: { ...measured, ...reset } }
}
