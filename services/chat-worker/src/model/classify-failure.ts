import { APIConnectionError, APIError } from '@anthropic-ai/sdk'
import type { ErrorCodeName } from '@omni2/contracts'
import { TurnStopError } from '../signals/turn-stop.ts'
import { ModelCircuitOpenError } from './model-circuit.ts'
import { readRefusedTool, type RefusedTool } from './read-refused-tool.ts'
import { readRetryAfter } from './read-retry-after.ts'
import { StreamStalledError } from './watch-silence.ts'

/** What a failed model call means for the turn. */
export interface ModelFailure {
  code: ErrorCodeName
  /** Whether the same call may succeed, as long as none of its reply was sent. */
  isRetryable: boolean
  /** Whether the API itself is down, and not only this call or this account. */
  isOutage: boolean
  /** The wait that the provider or the open circuit asks for, in milliseconds. */
  retryAfterMs?: number
  /** Nothing was sent: the circuit is open. */
  isUnsent?: true
  /** The tool for which the API refuses the request, and its reason in its own text; for operators only. */
  refusedTool?: RefusedTool
  /** For the record; never shown to clients. */
  detail: string
}

/** Reads a failure of the Anthropic API (docs: "Errors"), without the text of the provider. */
export function classifyFailure(error: unknown): ModelFailure {
  const detail = describe(error)
  const outage = { isRetryable: true, isOutage: true, detail }
  if (error instanceof StreamStalledError) return { code: 'model_timeout', ...outage }
  if (error instanceof TurnStopError)
    return { code: 'model_timeout', isRetryable: false, isOutage: false, detail: error.message }
  if (error instanceof ModelCircuitOpenError) {
    const { retryAfterMs } = error
    const refused = { isRetryable: false, isOutage: false, isUnsent: true } as const
    return { code: 'model_unavailable', ...refused, retryAfterMs, detail }
  }
  if (error instanceof APIConnectionError) return { code: 'model_unavailable', ...outage }
  if (error instanceof APIError) return classifyApiError(error, detail)
  return { code: 'model_unavailable', ...outage }
}

function classifyApiError(error: APIError, detail: string): ModelFailure {
  const { type, status } = error
  const final = { isRetryable: false, isOutage: false, detail }
  const outage = { isRetryable: true, isOutage: true, ...readWait(error), detail }
  if (isSpendCap(error)) return { code: 'model_spend_cap', ...final }
  if (status === 429 || type === 'rate_limit_error')
    return { code: 'model_rate_limited', ...outage, isOutage: false }
  if (status === 529 || type === 'overloaded_error') return { code: 'model_overloaded', ...outage }
  if (status === 504 || type === 'timeout_error') return { code: 'model_timeout', ...outage }
  if (isTooLong(error)) return { code: 'context_too_long', ...final }
  if (isServerError(error)) return { code: 'model_unavailable', ...outage }
  const refusedTool = readRefusedTool(error)
  return { code: 'model_rejected', ...final, ...(refusedTool && { refusedTool }) }
}

/**
 * A used-up budget, which waiting does not fix. Its type and code decide, never its text. A rate limit has a time to
 * come back, readable or not. A 429 without one is the cap of an account without codes.
 */
function isSpendCap(error: APIError): boolean {
  const { type, status, errorCode, headers } = error
  if (type === 'billing_error' || status === 402) return true
  if (errorCode !== null) return /_spend_limit_|billing/.test(errorCode)
  return status === 429 && !(headers && readRetryAfter(headers))
}

/** Only the text of the API distinguishes a too long prompt from other bad requests. */
const isTooLong = ({ type, status, apiMessage }: APIError): boolean =>
  status === 413 ||
  (type === 'invalid_request_error' && /prompt is too long|context (window|limit)/i.test(apiMessage ?? ''))

const isServerError = ({ status, type }: APIError): boolean =>
  status === undefined
    ? type === null || type === 'api_error'
    : status >= 500 || status === 408 || status === 409

function readWait({ headers }: APIError): Pick<ModelFailure, 'retryAfterMs'> {
  const ms = headers && readRetryAfter(headers)?.ms
  return ms === undefined ? {} : { retryAfterMs: ms }
}

function describe(error: unknown): string {
  if (error instanceof APIError)
    return [error.status ?? 'stream', error.type ?? error.name, error.errorCode, error.requestID]
      .filter(Boolean)
      .join(' ')
  return error instanceof Error ? error.name : 'unknown'
}
