import type { HttpRefusals } from '@omni2/contracts'
import { TerminalError } from '@omni2/service-kit'

/** Why a request's proof of identity is not accepted, with the HTTP status and the text for people. */
export const identityRefusals = {
  identity_headers: { status: 400, text: 'The headers that name the user are not unambiguous.' },
  identity_missing: { status: 401, text: 'The request carries no proof of identity.' },
  identity_invalid: { status: 401, text: 'The proof of identity is not valid.' },
  identity_expired: { status: 401, text: 'The proof of identity has expired.' },
  identity_for_another_request: { status: 401, text: 'The proof of identity is for another request.' },
  identity_mismatch: { status: 401, text: 'The proof of identity is for another user.' },
  unavailable: { status: 503, text: 'The service is not available right now.' },
} as const satisfies HttpRefusals

export type IdentityRefusal = keyof typeof identityRefusals

/** A request that does not prove who it is from; `unavailable` where the proof cannot be checked now. */
export class IdentityRefused extends TerminalError {
  override readonly name = 'IdentityRefused'
  declare readonly code: IdentityRefusal
  readonly status: number

  constructor(code: IdentityRefusal, details: { cause?: unknown } = {}) {
    super(code, identityRefusals[code].text, details)
    this.status = identityRefusals[code].status
  }
}
