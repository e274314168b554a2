import { foreignOrigin, type HttpRefusals } from '@omni2/contracts'
import { IdentityRefused, identityRefusals } from '@omni2/identity'
import { TerminalError } from '@omni2/service-kit'

/** Why an upgrade is refused before there is a WebSocket, with its HTTP status and the text for people. */
export const upgradeRefusals = {
  not_found: { status: 404, text: 'There is nothing at this path; connect to /ws/chat.' },
  upgrade_required: { status: 426, text: 'Connect to this path with a WebSocket.' },
  bad_handshake: { status: 400, text: 'This is not a WebSocket handshake.' },
  ...identityRefusals,
  untrusted_proxy: { status: 403, text: 'Requests from this address may not name a user.' },
  user_header_missing: { status: 401, text: 'Missing X-User-Id header' },
  user_header_invalid: { status: 401, text: 'Invalid X-User-Id header' },
  [foreignOrigin]: {
    status: 403,
    text: 'Pages of this origin may not connect; OMNI2_ORIGINS lists those that may.',
  },
  full: { status: 503, text: 'This server has as many connections as it takes.' },
  draining: { status: 503, text: 'This server is shutting down; connect again.' },
} as const satisfies HttpRefusals

export type UpgradeRefusal = keyof typeof upgradeRefusals

/** A request to connect that is answered with an HTTP status. */
export class UpgradeRefused extends TerminalError {
  override readonly name = 'UpgradeRefused'
  declare readonly code: UpgradeRefusal
  readonly status: number

  constructor(code: UpgradeRefusal, details: { cause?: unknown } = {}) {
    super(code, upgradeRefusals[code].text, details)
    this.status = upgradeRefusals[code].status
  }
}

/** The refusal behind an error of a request that was to be let in; what is none itself means that this cannot be said now. */
export function toUpgradeRefused(error: unknown): UpgradeRefused {
  if (error instanceof UpgradeRefused) return error
  if (error instanceof IdentityRefused) return new UpgradeRefused(error.code, { cause: error.cause })
  return new UpgradeRefused('unavailable', { cause: error })
}
