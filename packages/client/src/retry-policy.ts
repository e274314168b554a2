/** How a lost connection is tried again; times in milliseconds. */
export interface RetryPolicy {
  /** Longest first delay; each further one may be twice as long. */
  readonly baseMs: number
  readonly capMs: number
  /** Tries in a row without success before giving up; Infinity never does. */
  readonly tries: number
}

export const defaultRetryPolicy: RetryPolicy = { baseMs: 250, capMs: 15_000, tries: 30 }

/** Full jitter: anything from nothing to the doubled delay, so that those who lost one server come back apart. */
export const chooseDelayMs = (
  failures: number,
  { baseMs, capMs }: RetryPolicy,
  random: () => number,
): number => random() * Math.min(capMs, baseMs * 2 ** failures)
