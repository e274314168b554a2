/** What an attempt gets beyond its deadline to settle what it has, before a sweep may end the turn; in milliseconds. */
export const settleMarginMs = 60_000

/** Why a running attempt is stopped from outside. */
export type StopCause =
  /** Its time is up: the turn ends here, with what was said. */
  | 'deadline'
  /** Its user or an operator wants no more of it: the turn ends here, with what was said. */
  | 'cancelled'
  /** A newer attempt or an end came first: nothing more may be said or settled here. */
  | 'superseded'
  /** The worker shuts down: another one begins the turn anew. */
  | 'shutdown'

/** Reason of an attempt's abort signal. */
export class TurnStopError extends Error {
  override readonly name = 'TurnStopError'
  readonly stopCause: StopCause

  constructor(stopCause: StopCause) {
    super(`turn stopped: ${stopCause}`)
    this.stopCause = stopCause
  }
}

/** Why a signal aborted; undefined while it has not. */
export const stopCauseOf = (signal: AbortSignal): StopCause | undefined =>
  signal.reason instanceof TurnStopError ? signal.reason.stopCause : undefined
