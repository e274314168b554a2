import type { ErrorCodeName } from '@omni2/contracts'

/** What an attempt gets beyond its deadline to settle what it has, before a sweep may end the turn; in milliseconds. */
export const settleMarginMs = 60_000

/** Why a running attempt is stopped from outside. */
export type StopCause =
  /** Its time is up: the turn ends here, with what was said. */
  | 'deadline'
  /** Its user or an operator wants no more of it: the turn ends here, with what was said. */
  | 'cancelled'
  /** Its user may no longer chat: the turn ends here, with what was said and the reason why. */
  | 'revoked'
  /** A newer attempt or an end came first: nothing more may be said or settled here. */
  | 'superseded'
  /** The worker shuts down: another one begins the turn anew. */
  | 'shutdown'

/** Why a user may no longer chat, as the client is told. */
export interface Revocation {
  code: Extract<ErrorCodeName, 'blocked' | 'account_inactive' | 'login_revoked' | 'login_expired'>
  /** Text for people: of a block its own message, else that of the code. */
  text: string
}

/** Reason of an attempt's abort signal. */
export class TurnStopError extends Error {
  override readonly name = 'TurnStopError'
  readonly stopCause: StopCause
  readonly revocation: Revocation | undefined

  constructor(stopCause: StopCause, revocation?: Revocation) {
    super(`turn stopped: ${stopCause}`)
    this.stopCause = stopCause
    this.revocation = revocation
  }
}

/** Why a signal aborted; undefined while it has not. */
export const stopCauseOf = (signal: AbortSignal): StopCause | undefined =>
  signal.reason instanceof TurnStopError ? signal.reason.stopCause : undefined

/** Why the user may no longer chat; undefined where the signal has not aborted for that. */
export const revocationOf = (signal: AbortSignal): Revocation | undefined =>
  signal.reason instanceof TurnStopError ? signal.reason.revocation : undefined
