import { APIConnectionError, APIError } from '@anthropic-ai/sdk'
import type { ErrorCodeName } from '@omni2/contracts'
import { TurnStopError } from '../turn-stop.ts'
import { StreamStalledError } from './watch-silence.ts'

/** What a failed model call means for the turn. */
export interface ModelFailure {
  code: ErrorCodeName
  /** Whether the same call may succeed, while nothing of the reply has been said. */
  retryable: boolean
  /** How long the provider asks to wait, in milliseconds. */
  retryAfterMs?: number
  /** For the record; never shown to clients. */
  detail: string
}

/** Reads a failure of the Anthropic API (docs: "Errors"); the provider's own words stay in `detail`. */
export function classifyFailure(error: unknown): ModelFailure {
  const detail = describe(error)
  if (error instanceof StreamStalledError) return { code: 'model_timeout', retryable: true, detail }
  if (error instanceof TurnStopError)
    return { code: 'model_timeout', retryable: false, detail: error.message }
  if (error instanceof APIConnectionError) return { code: 'model_unavailable', retryable: true, detail }
  if (error instanceof APIError) return classifyApiError(error, detail)
  return { code: 'model_unavailable', retryable: true, detail }
}

function classifyApiError(error: APIError, detail: string): ModelFailure {
  const { type } = error
  if (error.status === 429 || type === 'rate_limit_error') return classifyRateLimit(error, detail)
  if (error.status === 529 || type === 'overloaded_error')
    return { code: 'model_overloaded', retryable: true, ...readRetryAfter(error), detail }
  if (type === 'billing_error') return { code: 'model_spend_cap', retryable: false, detail }
  if (error.status === 413 || /prompt is too long/i.test(error.apiMessage ?? ''))
    return { code: 'context_too_long', retryable: false, detail }
  if (error.status === undefined || error.status >= 500 || error.status === 408 || error.status === 409)
    return { code: 'model_unavailable', retryable: true, ...readRetryAfter(error), detail }
  return { code: 'model_rejected', retryable: false, detail }
}

/** A rate limit says when to come back; one that does not is a spending cap, which waiting does not mend. */
function classifyRateLimit(error: APIError, detail: string): ModelFailure {
  const retryAfter = readRetryAfter(error)
  if (retryAfter.retryAfterMs === undefined) return { code: 'model_spend_cap', retryable: false, detail }
  return { code: 'model_rate_limited', retryable: true, ...retryAfter, detail }
}

function readRetryAfter(error: APIError): { retryAfterMs?: number } {
  const exact = Number(error.headers?.get('retry-after-ms') ?? Number.NaN)
  if (exact >= 0) return { retryAfterMs: exact }
  const seconds = Number(error.headers?.get('retry-after') ?? Number.NaN)
  return seconds >= 0 ? { retryAfterMs: Math.round(seconds * 1000) } : {}
}

function describe(error: unknown): string {
  if (error instanceof APIError)
    return `${error.status ?? 'stream'} ${error.type ?? error.name}${error.requestID ? ` ${error.requestID}` : ''}`
  return error instanceof Error ? error.name : 'unknown'
}
