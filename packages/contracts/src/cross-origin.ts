import { idempotencyHeader, rateLimitHeaders, sessionIdHeader } from './ask-api.ts'

/** Headers of an answer that pages of other origins may read, beside those that every page may. */
const exposed = [sessionIdHeader, 'retry-after', ...Object.values(rateLimitHeaders)].join(', ')

/** Headers that pages of other origins may send where they do not say which they would. */
const accepted = ['authorization', 'content-type', idempotencyHeader, 'last-event-id'].join(', ')

const methods = 'GET, HEAD, POST, DELETE'

/** How long a browser may keep the answer to a preflight, in seconds. */
const preflightSeconds = 600

interface AskedOfPage {
  readonly origin?: string | undefined
  readonly 'access-control-request-method'?: string | undefined
  readonly 'access-control-request-headers'?: string | undefined
}

/** Whether a request is a browser's question if a page of another origin may send one. */
export const isPreflight = ({ method, headers }: { method?: string | undefined; headers: AskedOfPage }) =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined

/**
 * Response headers by which a browser lets a page of another origin send a request with its credentials and read the
 * answer (Fetch standard, CORS protocol): for a page that may, also where the answer is a refusal. Any other gets none.
 */
export function describeCrossOrigin(
  headers: AskedOfPage,
  { isAllowed }: { isAllowed: (origin: string) => boolean },
): Readonly<Record<string, string>> {
  const { origin } = headers
  // What a cache keeps for one page must not be the answer for another.
  if (origin === undefined || !isAllowed(origin)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    ...(headers['access-control-request-method'] === undefined
      ? { 'access-control-expose-headers': exposed }
      : describePreflight(headers)),
  }
}

function describePreflight(headers: AskedOfPage): Record<string, string> {
  return {
    'access-control-allow-methods': methods,
    'access-control-allow-headers': headers['access-control-request-headers'] ?? accepted,
    'access-control-max-age': String(preflightSeconds),
  }
}
