type Fields = Pick<Headers, 'get'>

/** The time that a provider asks the caller to wait; no wait if its value is unusable. */
export interface RetryAfter {
  /** Milliseconds from now. */
  ms?: number
}

/**
 * Reads `retry-after-ms` or `Retry-After` (RFC 9110, 10.2.3), decimals allowed; undefined if there is neither. A date
 * is measured by the clock of the provider if the response has one. A past, negative or unreadable value gives no time.
 */
export function readRetryAfter(headers: Fields, now = Date.now()): RetryAfter | undefined {
  const exact = headers.get('retry-after-ms')
  const value = headers.get('retry-after')
  if (exact === null && value === null) return undefined
  const ms = readNumber(exact) ?? readSeconds(value) ?? readWait(value, readDate(headers.get('date')) ?? now)
  return ms === undefined ? {} : { ms }
}

function readSeconds(value: string | null): number | undefined {
  const seconds = readNumber(value)
  return seconds === undefined ? undefined : Math.round(seconds * 1000)
}

function readWait(value: string | null, now: number): number | undefined {
  const date = readDate(value)
  return date === undefined || date < now ? undefined : date - now
}

/** A number with more digits is too long a wait to be useful. */
const readNumber = (value: string | null): number | undefined =>
  value !== null && /^\d{1,9}(\.\d{1,9})?$/.test(value.trim()) ? Number(value) : undefined

/** A date in one of the three forms of HTTP, always in GMT. */
function readDate(value: string | null): number | undefined {
  if (value === null || !/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(value)) return undefined
  const time = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`)
  return Number.isNaN(time) ? undefined : time
}
