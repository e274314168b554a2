import { foreignOrigin, type HttpCodeOf } from '@omni2/contracts'
import { TerminalError } from '@omni2/service-kit'

/** Why a cookie is no proof for this request (403), with the text for people. */
const refusals = {
  [foreignOrigin]: 'Pages of this origin may not use the login; OMNI2_ORIGINS lists those that may.',
  origin_missing: 'A cookie needs the Origin of the page that sends it.',
} as const satisfies Partial<Record<HttpCodeOf<403>, string>>

/** A request with a cookie that the user's own page may not have sent. */
export class OriginRefused extends TerminalError {
  override readonly name = 'OriginRefused'
  declare readonly code: keyof typeof refusals

  constructor(code: keyof typeof refusals) {
    super(code, refusals[code])
  }
}
