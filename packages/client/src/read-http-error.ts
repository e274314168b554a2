import { ChatError, type ChatErrorCode, type ErrorDetails } from './chat-error.ts'
import { parseObject } from './parse-frame.ts'
import { readErrorFields } from './read-error-fields.ts'

/** The error in a refusal over HTTP, also one from a proxy, whose answer has no code of the protocol. */
export async function readHttpError(response: Response): Promise<ChatError> {
  const { status, headers } = response
  const fields = parseObject(await response.text().catch(() => '')) ?? {}
  const { error, code } = fields
  const message = typeof error === 'string' ? error : `The server answered with HTTP ${status}.`
  const details = { ...fillFromHeaders(readErrorFields(fields), headers), status }
  return new ChatError(typeof code === 'string' ? code : codeOf(status), message, details)
}

function codeOf(status: number): ChatErrorCode {
  if (status === 401) return 'login_expired'
  if (status === 404) return 'not_found'
  if (status === 413) return 'text_too_long'
  if (status === 429) return 'rate_limited'
  return status >= 500 ? 'unavailable' : 'bad_answer'
}

/** What the body does not say the headers may; a page of another origin cannot read them. */
function fillFromHeaders(details: ErrorDetails, headers: Headers): ErrorDetails {
  const retryAfter = readNumber(headers.get('retry-after'))
  const {
    retryAfterMs = retryAfter === undefined ? undefined : retryAfter * 1000,
    limit = readNumber(headers.get('x-ratelimit-limit')),
    remaining = readNumber(headers.get('x-ratelimit-remaining')),
  } = details
  return { ...details, retryAfterMs, limit, remaining }
}

function readNumber(header: string | null): number | undefined {
  const number = header === null || header.trim() === '' ? Number.NaN : Number(header)
  return Number.isFinite(number) ? number : undefined
}
