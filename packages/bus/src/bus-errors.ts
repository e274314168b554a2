import { RetryableError, TerminalError } from '@omni2/service-kit'

/** No service listens on the subject right now. */
export class NoResponderError extends RetryableError {
  override readonly name = 'NoResponderError'
  readonly subject: string

  constructor(subject: string, cause?: unknown) {
    super('unavailable', `no service answers on ${subject}`, { cause })
    this.subject = subject
  }
}

/** An answer did not come in time: the responder may be frozen, or the connection away. */
export class AnswerTimeoutError extends RetryableError {
  override readonly name = 'AnswerTimeoutError'
  readonly subject: string

  constructor(subject: string, cause?: unknown) {
    super('unavailable', `no answer on ${subject} in time`, { cause })
    this.subject = subject
  }
}

/** Every try to store a message went unacknowledged: it may be stored or not; the same id may be sent again. */
export class PublishUnknownError extends RetryableError {
  override readonly name = 'PublishUnknownError'
  readonly subject: string

  constructor(subject: string, cause: unknown) {
    super('accept_unknown', `no acknowledgement for ${subject}`, { cause })
    this.subject = subject
  }
}

/** The stream refused the message, because it is full for example: it is certainly not stored. */
export class PublishRefusedError extends RetryableError {
  override readonly name = 'PublishRefusedError'
  readonly subject: string

  /** The stream is full for now; consumers are emptying it. */
  readonly isFull: boolean
  /** Neither the stream nor the server will ever take a message of this size. */
  readonly isTooLarge: boolean

  constructor(
    subject: string,
    { isFull = false, isTooLarge = false, cause }: { isFull?: boolean; isTooLarge?: boolean; cause: unknown },
  ) {
    super('unavailable', `the stream refused ${subject}`, { cause })
    this.subject = subject
    this.isFull = isFull
    this.isTooLarge = isTooLarge
  }
}

/** A stream or consumer exists but differs where this code relies on it; the migrate job has to correct it. */
export class StreamMismatchError extends TerminalError {
  override readonly name = 'StreamMismatchError'

  constructor(name: string, differences: readonly string[]) {
    super('internal', `${name} is not configured as needed: ${differences.join(', ')}`)
  }
}
