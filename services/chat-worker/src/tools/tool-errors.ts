/** A tool may not be called; nothing was sent. */
export class ToolRefusedError extends Error {
  override readonly name = 'ToolRefusedError'
  /** The rule that decided. */
  readonly rule: string

  constructor(rule: string) {
    super(`tool refused: ${rule}`)
    this.rule = rule
  }
}

/** Whether a tool may be called could not be found out; nothing was sent. */
export class PermissionUnknownError extends Error {
  override readonly name = 'PermissionUnknownError'
}

/** Whether a call's arguments fit the tool's schema could not be found out; nothing was sent. */
export class ArgumentsUncheckedError extends Error {
  override readonly name = 'ArgumentsUncheckedError'
}

/** The caller no longer wants the answer. */
export class CallCancelledError extends Error {
  override readonly name = 'CallCancelledError'
}

/** A connection was not made, for the cause; nothing but its greeting was sent. */
export class ConnectFailedError extends Error {
  override readonly name = 'ConnectFailedError'
}

/** A server no longer knows the session that a request was sent in, and did nothing with it. */
export class SessionLostError extends Error {
  override readonly name = 'SessionLostError'
}

/** A server cannot be used as it is configured; the message is a fixed phrase. */
export class ServerUnusableError extends Error {
  override readonly name = 'ServerUnusableError'
}

/** A server's tools are not known; the message is a fixed phrase. */
export class ServerUnreachableError extends Error {
  override readonly name = 'ServerUnreachableError'
}

/** A server's list of tools has so many pages, tools or bytes that it is given up. */
export class ListingTooLongError extends Error {
  override readonly name = 'ListingTooLongError'
}

/** A tool cannot be offered to the model as its server describes it; the message is a fixed phrase. */
export class ToolUnusableError extends Error {
  override readonly name = 'ToolUnusableError'
}
