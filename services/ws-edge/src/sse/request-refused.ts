import { errorCodes, httpCodes, type ErrorCodeName, type HttpRefusals } from '@omni2/contracts'
import { TerminalError } from '@omni2/service-kit'

export interface RefusalDetails {
  /** Text for people; the code's own unless given. */
  readonly error?: string
  /** More of the JSON body. */
  readonly fields?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** Refusals of a request as such, which no frame of a turn can carry. */
const ownRefusals = {
  body_too_large: { status: 413, text: 'The body is too large.' },
  method_not_allowed: { status: 405, text: 'This path does not answer this method.' },
  too_many_streams: { status: 429, text: 'You have too many streams and connections open.' },
} as const satisfies HttpRefusals

export type RequestRefusal = ErrorCodeName | keyof typeof ownRefusals

const texts: Readonly<Record<RequestRefusal, { readonly text: string }>> = { ...errorCodes, ...ownRefusals }

/** A request to the SSE bridge that is answered with an HTTP status and JSON instead of a stream. */
export class RequestRefused extends TerminalError {
  override readonly name = 'RequestRefused'
  readonly status: number
  readonly fields: Readonly<Record<string, unknown>>

  constructor(code: RequestRefusal, details: RefusalDetails = {}) {
    super(code, details.error ?? texts[code].text, { cause: details.cause })
    this.status = httpCodes[code].httpStatus
    this.fields = details.fields ?? {}
  }
}
