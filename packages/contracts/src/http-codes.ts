import { errorCodes } from './error-codes.ts'

interface HttpCode {
  httpStatus: number
  /** What the client should do. */
  action: string
}

/** Codes of refusals over HTTP that no frame carries, other than those of the Admin API alone. */
export const requestCodes = {
  // The request itself.
  invalid_body: { httpStatus: 422, action: 'Mend the fields that the error text names.' },
  body_too_large: { httpStatus: 413, action: 'Send a smaller body.' },
  unsupported_media_type: { httpStatus: 415, action: 'Send the body as application/json.' },
  method_not_allowed: { httpStatus: 405, action: 'Use the method that the header `Allow` names.' },
  upgrade_required: { httpStatus: 426, action: 'Connect to this path with a WebSocket.' },
  bad_handshake: { httpStatus: 400, action: 'Send a WebSocket handshake as RFC 6455 has it.' },
  bad_header: { httpStatus: 400, action: 'Leave out the header that the error text names.' },
  identity_headers: { httpStatus: 400, action: 'Send no header that looks like one of `X-User-*`.' },
  not_served: { httpStatus: 404, action: 'Use one of the paths in `served`.' },
  // Logging in.
  bad_credentials: { httpStatus: 401, action: 'Check the username and the password.' },
  bad_invitation: { httpStatus: 401, action: 'Ask an administrator for another invitation.' },
  too_many_logins: { httpStatus: 429, action: 'Wait for `Retry-After`, then try again.' },
  bad_refresh_token: { httpStatus: 401, action: 'Log in again.' },
  refresh_token_missing: { httpStatus: 401, action: 'Send the refresh token, in the body or as its cookie.' },
  refresh_token_reused: { httpStatus: 401, action: 'Log in again; the login was ended.' },
  // Proof of identity.
  token_missing: { httpStatus: 401, action: 'Send an access token, a ticket, or the cookie.' },
  token_malformed: { httpStatus: 401, action: 'Send the access token as it was issued.' },
  wrong_algorithm: { httpStatus: 401, action: 'Take a token of an issuer that is trusted here.' },
  bad_signature: { httpStatus: 401, action: 'Take a token of an issuer that is trusted here.' },
  wrong_issuer: { httpStatus: 401, action: 'Take a token of an issuer that is trusted here.' },
  wrong_audience: { httpStatus: 401, action: 'Take a token for this service.' },
  token_expired: { httpStatus: 401, action: 'Refresh the login, then try again.' },
  token_not_yet_valid: { httpStatus: 401, action: 'Check the clocks.' },
  refresh_token: { httpStatus: 401, action: 'Send the access token, not the refresh token.' },
  wrong_token_use: { httpStatus: 401, action: 'Send the access token.' },
  email_unverified: { httpStatus: 401, action: 'Verify the e-mail address with the issuer.' },
  unknown_user: { httpStatus: 401, action: 'Ask an administrator for an account.' },
  bad_ticket: { httpStatus: 401, action: 'Take a new ticket; each is good once, for seconds.' },
  ticket_elsewhere: { httpStatus: 401, action: 'Use the ticket for GET /ws/chat only.' },
  foreign_origin: { httpStatus: 403, action: 'An operator allows the origin in OMNI2_ORIGINS.' },
  origin_missing: { httpStatus: 403, action: 'Send the `Origin` beside the cookie, or an access token.' },
  // The setup between the gateway and a service is wrong; an operator has to check it.
  identity_missing: { httpStatus: 401, action: 'Go through the gateway.' },
  identity_invalid: { httpStatus: 401, action: 'Go through the gateway; an operator checks `auth`.' },
  identity_expired: { httpStatus: 401, action: 'Try again; an operator checks the clocks.' },
  identity_for_another_request: { httpStatus: 401, action: 'Go through the gateway.' },
  identity_mismatch: { httpStatus: 401, action: 'Go through the gateway.' },
  untrusted_proxy: { httpStatus: 403, action: 'Go through the gateway.' },
  user_header_missing: { httpStatus: 401, action: 'Go through the gateway.' },
  user_header_invalid: { httpStatus: 401, action: 'Go through the gateway.' },
  // Load.
  busy: { httpStatus: 503, action: 'Wait for `Retry-After`, then log in again.' },
  keys_unavailable: { httpStatus: 503, action: 'Wait for `Retry-After`; the issuer does not answer.' },
  too_many_streams: { httpStatus: 429, action: 'Close streams or connections, then try again.' },
  full: { httpStatus: 503, action: 'Wait for `Retry-After`, then try again.' },
  draining: { httpStatus: 503, action: 'Wait for `Retry-After`, then try again.' },
  upstream_unavailable: { httpStatus: 503, action: 'Try again in a moment.' },
} as const satisfies Record<string, HttpCode>

/** Codes of the Admin API alone. */
export const adminCodes = {
  invalid_cursor: { httpStatus: 400, action: 'Begin the list again without a cursor.' },
  forbidden: { httpStatus: 403, action: 'Ask a user whose role may do this.' },
  unreadable: { httpStatus: 409, action: 'Replace what is stored with PUT.' },
  exists: { httpStatus: 409, action: 'Choose another name, or change what is there.' },
  in_use: { httpStatus: 409, action: 'Take it from those who use it first.' },
  last_administrator: { httpStatus: 409, action: 'Make another user an administrator first.' },
  own_access: { httpStatus: 409, action: 'Ask another administrator.' },
  not_monitored: { httpStatus: 409, action: 'Begin with PUT /users/{user_id}/monitoring.' },
  not_replayable: { httpStatus: 409, action: 'Read the letter; it can only be dropped.' },
  changed_meanwhile: { httpStatus: 412, action: 'Read it again, then change what is there now.' },
  invalid_input: { httpStatus: 422, action: 'Mend what `problems` lists.' },
  too_many_requests: { httpStatus: 429, action: 'Wait `retry_after_ms`.' },
  too_many_passwords: { httpStatus: 429, action: 'Wait `retry_after_ms`.' },
  too_many_feeds: { httpStatus: 429, action: 'Close a live feed, then try again.' },
} as const satisfies Record<string, HttpCode>

/** Every `code` of a refusal over HTTP; each has one status in all services. */
export const httpCodes = { ...errorCodes, ...requestCodes, ...adminCodes }

export type HttpCodeName = keyof typeof httpCodes

export const httpCodeNames = Object.keys(httpCodes) as [HttpCodeName, ...HttpCodeName[]]

/** Codes with one of these statuses. */
export type HttpCodeOf<Status extends number> = {
  [Code in HttpCodeName]: (typeof httpCodes)[Code]['httpStatus'] extends Status ? Code : never
}[HttpCodeName]

/** Some of the codes as a service refuses with them: the status of each, and its text for people. */
export type HttpRefusals = {
  readonly [Code in HttpCodeName]?: {
    readonly status: (typeof httpCodes)[Code]['httpStatus']
    readonly text: string
  }
}
