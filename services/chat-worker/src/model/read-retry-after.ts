type Fields = Pick<Headers, 'get'>

/** When a provider says to come back: no wait where it says so in a way that cannot be used. */
export interface RetryAfter {
  /** Milliseconds from now. */
  ms?: number
}

/**
 * Reads `retry-after-ms` or `Retry-After` (RFC 9110, 10.2.3), decimals allowed; undefined where there is neither. A date is
 * measured by the provider's own clock where it says its time. What is past, negative or unreadable names no time.
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

/** More digits than these name no time that anybody waits for. */
const readNumber = (value: string | null): number | undefined =>
  value !== null && /^\d{1,9}(\.\d{1,9})?$/.test(value.trim()) ? Number(value) : undefined

/** A date as HTTP writes it, always in GMT, in whichever of its three forms. */
function readDate(value: string | null): number | undefined {
  if (value === null || !/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(value)) return undefined
  const time = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`)
  return Number.isNaN(time) ? undefined : time
}
