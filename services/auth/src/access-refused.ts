import type { HttpCodeOf } from '@omni2/contracts'
import { TerminalError } from '@omni2/service-kit'

/** Reasons of a 401, with the text for people. */
const refusals = {
  token_missing: 'No access token: send Authorization: Bearer <access token>.',
  token_malformed: 'This is not an access token.',
  wrong_algorithm: 'The token is signed with an algorithm that is not accepted.',
  bad_signature: 'The token was not signed by a known issuer.',
  wrong_issuer: 'The token comes from another issuer.',
  wrong_audience: 'The token is meant for another service.',
  token_expired: 'The token has expired.',
  token_not_yet_valid: 'The token is not valid yet.',
  refresh_token: 'This is a refresh token; send the access token.',
  wrong_token_use: 'The token is not an access token.',
  email_unverified: 'The issuer of this token has not verified its e-mail address.',
  unknown_user: 'There is no user of this token.',
  login_revoked: 'This login has been ended.',
  login_expired: 'This login has expired.',
  bad_credentials: 'Wrong username or password.',
  refresh_token_missing: 'No refresh token: send {"refresh_token"}, or log in for its cookie.',
  bad_refresh_token: 'This refresh token is unknown or has expired.',
  refresh_token_reused: 'This refresh token was used before; its login has been ended.',
  bad_invitation: 'This invitation is unknown, used or expired; ask for another one.',
  bad_ticket: 'This ticket is unknown, used or expired.',
  ticket_elsewhere: 'A ticket is good for GET /ws/chat only.',
} as const satisfies Partial<Record<HttpCodeOf<401>, string>>

export type RefusalCode = keyof typeof refusals
export const refusalCodes = Object.keys(refusals) as RefusalCode[]

/** The caller did not prove who they are. */
export class AccessRefused extends TerminalError {
  override readonly name = 'AccessRefused'
  declare readonly code: RefusalCode
  /** Whose proof it was, where that much is known. */
  readonly userId: number | undefined

  constructor(code: RefusalCode, details: { userId?: number | undefined; cause?: unknown } = {}) {
    super(code, refusals[code], { cause: details.cause })
    this.userId = details.userId
  }
}
