import type { ErrorCodeName } from '@omni2/contracts'

/** Time after its deadline in which an attempt may settle its turn, before a sweep may end it; in milliseconds. */
export const settleMarginMs = 60_000

/** Why a running attempt is stopped from outside. */
export type StopCause =
  /** Its deadline passed: the turn ends here, with the reply so far. */
  | 'deadline'
  /** Its user or an operator cancelled it: the turn ends here, with the reply so far. */
  | 'cancelled'
  /** Its user may no longer chat: the turn ends here, with the reply so far and the reason. */
  | 'revoked'
  /** A newer attempt or an end came first: this attempt may not send or settle anything. */
  | 'superseded'
  /** The worker shuts down: another one starts the turn again. */
  | 'shutdown'

/** Why a user may no longer chat, as the client receives it. */
export interface Revocation {
  code: Extract<ErrorCodeName, 'blocked' | 'account_inactive' | 'login_revoked' | 'login_expired'>
  /** Text for people: the message of the block, otherwise that of the code. */
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

/** Why a signal aborted; undefined if it has not. */
export const stopCauseOf = (signal: AbortSignal): StopCause | undefined =>
  signal.reason instanceof TurnStopError ? signal.reason.stopCause : undefined

/** Why the user may no longer chat; undefined if the signal did not abort for that. */
export const revocationOf = (signal: AbortSignal): Revocation | undefined =>
  signal.reason instanceof TurnStopError ? signal.reason.revocation : undefined
