import type { ErrorCodeName, ErrorFields, TurnResult } from '@omni2/contracts'

/**
 * Codes of this client's own, beside those of the protocol. `connection_failed`: the first connection did not come
 * about, or the proof was refused there; `connection_lost`: the tries of a reconnect are used up; `closed`: `close()`
 * was called; `refused`: the server closed for good and gave no code; `cancelled`: cancelled before it was sent;
 * `unrecoverable`: the server cannot say what became of the turn; `bad_answer`: an answer that is not of the protocol.
 */
export type ClientErrorCode =
  | 'connection_failed'
  | 'connection_lost'
  | 'closed'
  | 'refused'
  | 'cancelled'
  | 'unrecoverable'
  | 'bad_answer'

export type ChatErrorCode = ErrorCodeName | ClientErrorCode

/** What the server said about an error, as far as it applies. */
type ErrorDetails = Partial<Omit<ErrorFields, 'error' | 'code'>> & {
  session_id?: string | undefined
  status?: number | undefined
  cause?: unknown
}

/** Why a reply or a connection failed; `message` is text for people. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ChatErrorCode
  /** How long to wait before trying again makes sense, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** When a limit that was met is reset, ISO 8601. */
  readonly resetAt: string | undefined
  readonly limit: number | undefined
  readonly used: number | undefined
  /** What had been said, and what it cost, when the turn failed. */
  readonly result: TurnResult | undefined
  readonly sessionId: string | undefined
  /** HTTP status, where the refusal was one. */
  readonly status: number | undefined

  constructor(code: ChatErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.code = code
    this.retryAfterMs = details.retry_after_ms
    this.resetAt = details.reset_at
    this.limit = details.limit
    this.used = details.used
    this.result = details.result
    this.sessionId = details.session_id
    this.status = details.status
  }
}
