interface ErrorDetails {
  cause?: unknown
}

/** An error that trying again cannot mend. */
export class TerminalError extends Error {
  override readonly name: string = 'TerminalError'
  readonly code: string

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details)
    this.code = code
  }
}

/** An error that may pass: try again, after `retryAfterMs` milliseconds where known. */
export class RetryableError extends Error {
  override readonly name: string = 'RetryableError'
  readonly code: string
  readonly retryAfterMs: number | undefined

  constructor(
    code: string,
    message: string,
    details: ErrorDetails & { retryAfterMs?: number | undefined } = {},
  ) {
    super(message, details)
    this.code = code
    this.retryAfterMs = details.retryAfterMs
  }
}
