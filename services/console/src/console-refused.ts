import { foreignOrigin, type HttpRefusals } from '@omni2/contracts'
import { TerminalError } from '@omni2/service-kit'

/** Why a request to the Admin API is refused, with its HTTP status and the text for people. */
export const consoleRefusals = {
  invalid_cursor: { status: 400, text: 'This cursor is not of this list; begin the list again without one.' },
  unknown_user: { status: 401, text: 'There is no user of this login any more.' },
  login_revoked: { status: 401, text: 'This login has been ended.' },
  login_expired: { status: 401, text: 'This login has expired.' },
  account_inactive: { status: 403, text: 'Account inactive' },
  forbidden: { status: 403, text: 'Your role may not do this.' },
  [foreignOrigin]: {
    status: 403,
    text: 'Pages of this origin may not change anything; OMNI2_ORIGINS lists those that may.',
  },
  origin_missing: {
    status: 403,
    text: 'A change needs the Origin of the page that asks for it, or an access token.',
  },
  not_found: { status: 404, text: 'There is no such thing.' },
  exists: { status: 409, text: 'There is one of this name already.' },
  unreadable: { status: 409, text: 'What is stored cannot be read; replace it whole.' },
  in_use: { status: 409, text: 'It is in use.' },
  own_access: { status: 409, text: 'You cannot take your own access away; another administrator can.' },
  last_administrator: {
    status: 409,
    text: 'This is the last administrator; give another user such a role first.',
  },
  not_monitored: { status: 409, text: 'The user is not monitored; begin with PUT …/monitoring.' },
  not_replayable: { status: 409, text: 'This letter cannot be sent again.' },
  changed_meanwhile: { status: 412, text: 'It has changed meanwhile; read it again.' },
  invalid_input: { status: 422, text: 'The request cannot be used; `problems` lists why.' },
  too_many_requests: { status: 429, text: 'Too many requests in a minute; slow down.' },
  too_many_passwords: { status: 429, text: 'Too many passwords are being set; try again in some seconds.' },
  too_many_feeds: { status: 429, text: 'Too many live feeds are open.' },
} as const satisfies HttpRefusals

export type ConsoleRefusal = keyof typeof consoleRefusals

/** A request that is answered with a status and `{error, code, …fields}`. */
export class ConsoleRefused extends TerminalError {
  override readonly name = 'ConsoleRefused'
  declare readonly code: ConsoleRefusal
  readonly status: number
  readonly fields: Readonly<Record<string, unknown>>

  constructor(
    code: ConsoleRefusal,
    { text, fields = {} }: { text?: string; fields?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(code, text ?? consoleRefusals[code].text)
    this.status = consoleRefusals[code].status
    this.fields = fields
  }
}
