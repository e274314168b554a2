import type { ErrorCodeName } from './error-code-name.ts'
import type { LimitKind, LimitState, TurnResult } from './server-frames.ts'

/**
 * Codes of this client's own, beside those of the server. `connection_failed`: the first connection did not come
 * about, or the proof was refused there; `connection_lost`: the tries of a reconnect are used up; `closed`: `close()`
 * was called; `refused`: the server closed for good and gave no code; `cancelled`: given up by its signal, or before it was sent;
 * `unrecoverable`: the server cannot say what became of the turn; `bad_answer`: an answer that is not of the protocol;
 * `invalid_url`: the address that was given is none; `no_web_socket`: this platform has none, and none was given;
 * `unsupported_protocol`: the server speaks a later version of the wire.
 */
export type ClientErrorCode =
  | 'connection_failed'
  | 'connection_lost'
  | 'closed'
  | 'refused'
  | 'cancelled'
  | 'unrecoverable'
  | 'bad_answer'
  | 'invalid_url'
  | 'no_web_socket'
  | 'unsupported_protocol'

/** Codes of refusals over HTTP, beside those of frames. */
export type HttpErrorCode =
  | 'bad_credentials'
  | 'too_many_logins'
  | 'bad_refresh_token'
  | 'refresh_token_reused'
  | 'refresh_token_missing'
  | 'token_missing'
  | 'token_malformed'
  | 'token_expired'
  | 'bad_signature'
  | 'unknown_user'
  | 'bad_ticket'
  | 'foreign_origin'
  | 'origin_missing'

/** A later server may have others, so any text is one. */
export type ChatErrorCode =
  | ErrorCodeName
  | HttpErrorCode
  | ClientErrorCode
  | (string & { readonly ofLaterServers?: never })

/** What is known about an error, as far as it applies. */
export interface ErrorDetails {
  readonly retryAfterMs?: number | undefined
  readonly resetAt?: string | undefined
  readonly limitKind?: LimitKind | undefined
  readonly limit?: number | undefined
  readonly used?: number | undefined
  readonly remaining?: number | undefined
  readonly limits?: readonly LimitState[] | undefined
  readonly endedAt?: string | undefined
  readonly result?: TurnResult | undefined
  readonly turnId?: string | undefined
  readonly status?: number | undefined
  readonly cause?: unknown
}

/** Why a reply, a connection or a login failed; `message` is text for people. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ChatErrorCode
  /** How long to wait before another try, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** When the reached limit is reset, ISO 8601. */
  readonly resetAt: string | undefined
  /** The reached limit: `cost_daily`, for example. */
  readonly limitKind: LimitKind | undefined
  /** Costs are USD. */
  readonly limit: number | undefined
  readonly used: number | undefined
  readonly remaining: number | undefined
  /** What is left of the user's limits, where a turn ended. */
  readonly limits: readonly LimitState[] | undefined
  /** When the turn ended, by the server's clock, ISO 8601. */
  readonly endedAt: string | undefined
  /** The partial answer and its cost when the turn failed. */
  readonly result: TurnResult | undefined
  readonly turnId: string | undefined
  /** HTTP status, where the refusal was one. */
  readonly status: number | undefined

  constructor(code: ChatErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.code = code
    this.retryAfterMs = details.retryAfterMs
    this.resetAt = details.resetAt
    this.limitKind = details.limitKind
    this.limit = details.limit
    this.used = details.used
    this.remaining = details.remaining
    this.limits = details.limits
    this.endedAt = details.endedAt
    this.result = details.result
    this.turnId = details.turnId
    this.status = details.status
  }
}

/** The error of a call whose signal aborted; the signal's reason is the cause. */
export const makeCancelled = (signal: AbortSignal): ChatError =>
  new ChatError('cancelled', 'It was given up before it was done.', { cause: signal.reason })
