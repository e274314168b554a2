import { errorCodes, type ErrorCodeName } from '@omni2/contracts'
import { TerminalError } from '@omni2/service-kit'

interface RefusalDetails {
  /** HTTP status; the code's own unless given. */
  readonly status?: number
  /** Text for people; the code's own unless given. */
  readonly error?: string
  /** More of the JSON body. */
  readonly fields?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** Refusals of a request as such, which no frame of a turn can carry. */
const ownCodes = {
  body_too_large: { text: 'The body is too large.', httpStatus: 413 },
  method_not_allowed: { text: 'This path does not answer this method.', httpStatus: 405 },
  too_many_streams: { text: 'You have too many streams and connections open.', httpStatus: 429 },
} as const

export type RequestRefusal = ErrorCodeName | keyof typeof ownCodes

const codes: Readonly<Record<RequestRefusal, { text: string; httpStatus: number }>> = {
  ...errorCodes,
  ...ownCodes,
}

/** A request to the SSE bridge that is answered with an HTTP status and JSON instead of a stream. */
export class RequestRefused extends TerminalError {
  override readonly name = 'RequestRefused'
  readonly status: number
  readonly fields: Readonly<Record<string, unknown>>

  constructor(code: RequestRefusal, details: RefusalDetails = {}) {
    super(code, details.error ?? codes[code].text, { cause: details.cause })
    this.status = details.status ?? codes[code].httpStatus
    this.fields = details.fields ?? {}
  }
}
