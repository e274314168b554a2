import type { ErrorCodeName } from '@omni2/contracts'
import { ChatError, type ChatErrorCode } from './chat-error.ts'
import { parseObject } from './parse-frame.ts'

/** The error that a refusal over HTTP tells of, whoever refused: a proxy's answer has no code of the protocol. */
export async function readHttpError(response: Response): Promise<ChatError> {
  const { status } = response
  const { error, code, ...fields } = parseObject(await response.text().catch(() => '')) ?? {}
  const retry_after_ms = readRetryAfterMs(fields['retry_after_ms'], response.headers.get('retry-after'))
  const details = { ...fields, retry_after_ms, status }
  const message = typeof error === 'string' ? error : `The server answered with HTTP ${status}.`
  return new ChatError(typeof code === 'string' ? (code as ErrorCodeName) : codeOf(status), message, details)
}

function codeOf(status: number): ChatErrorCode {
  if (status === 401) return 'login_expired'
  if (status === 404) return 'not_found'
  if (status === 413) return 'text_too_long'
  if (status === 429) return 'rate_limited'
  return status >= 500 ? 'unavailable' : 'bad_answer'
}

function readRetryAfterMs(given: unknown, header: string | null): number | undefined {
  if (typeof given === 'number') return given
  const seconds = Number(header ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1000 : undefined
}
