/** The API's error types, each with the HTTP status it has when no stream has begun. */
export const errorStatuses = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
} as const

export type ErrorType = keyof typeof errorStatuses

export interface ErrorBody {
  readonly type: 'error'
  readonly error: {
    readonly type: ErrorType
    readonly message: string
    readonly details: { readonly error_code: string } | null
  }
  readonly request_id: string
}

interface ErrorExtras {
  /** Sent as `retry-after`. */
  readonly retryAfterSeconds?: number | undefined
  /** Sent as `error.details.error_code`; by it a spent budget differs from a rate limit in the API. */
  readonly code?: string | undefined
}

/** An answer of the API that is an error. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly type: ErrorType
  readonly extras: ErrorExtras

  constructor(type: ErrorType, message: string, extras: ErrorExtras = {}) {
    super(message)
    this.type = type
    this.extras = extras
  }

  get status(): number {
    return errorStatuses[this.type]
  }

  get headers(): Record<string, string> {
    const { retryAfterSeconds } = this.extras
    return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  }

  toBody(requestId: string): ErrorBody {
    const details = this.extras.code === undefined ? null : { error_code: this.extras.code }
    return {
      type: 'error',
      error: { type: this.type, message: this.message, details },
      request_id: requestId,
    }
  }
}
