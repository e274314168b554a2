interface ErrorCode {
  /** Text for people, used where the refusal has nothing more precise to say. */
  text: string
  /** Status of the same refusal before an SSE stream starts. */
  httpStatus: number
  /** Whether sending the same again can help: never, at once with the same client_msg_id, or later. */
  retry: 'no' | 'same_id' | 'later'
  /** What the client should do. */
  action: string
}

/** Every `code` an `error` frame can carry. */
export const errorCodes = {
  // The frame itself; the connection lives on.
  invalid_json: {
    text: 'The frame is not valid JSON.',
    httpStatus: 422,
    retry: 'no',
    action: 'Send one JSON object in each text frame.',
  },
  invalid_frame: {
    text: 'The frame is not one this server knows.',
    httpStatus: 422,
    retry: 'no',
    action: 'Compare the frame with the protocol; the error text names the field.',
  },
  unknown_type: {
    text: 'The frame has an unknown type.',
    httpStatus: 422,
    retry: 'no',
    action: 'Use one of message, cancel, resume, ping.',
  },
  invalid_text: {
    text: 'The message needs a text that is not empty.',
    httpStatus: 422,
    retry: 'no',
    action: 'Send `text` as a string with at least one visible character.',
  },
  idempotency_mismatch: {
    text: 'The same client_msg_id or Idempotency-Key named another message before.',
    httpStatus: 422,
    retry: 'no',
    action: 'Give the other message an id of its own.',
  },
  text_too_long: {
    text: 'The message is too long.',
    httpStatus: 413,
    retry: 'no',
    action: 'Shorten the text below the limit that the error names.',
  },
  binary_frame: {
    text: 'Binary frames are not accepted.',
    httpStatus: 422,
    retry: 'no',
    action: 'Send text frames.',
  },
  too_many_frames: {
    text: 'Too many frames; slow down.',
    httpStatus: 429,
    retry: 'later',
    action: 'Wait `retry_after_ms`; going on closes the connection with 4429.',
  },
  queue_full: {
    text: 'Too many messages are waiting on this connection.',
    httpStatus: 429,
    retry: 'later',
    action: 'Wait for the running turn to end.',
  },
  too_many_connections: {
    text: 'Too many connections in too short a time.',
    httpStatus: 429,
    retry: 'later',
    action: 'Connect again after `retry_after_ms`, with fewer connections.',
  },
  not_supported: {
    text: 'This server does not serve that yet.',
    httpStatus: 501,
    retry: 'no',
    action: 'Use what docs/protocol.md lists as served.',
  },
  not_found: {
    text: 'There is no such turn or conversation of yours.',
    httpStatus: 404,
    retry: 'no',
    action: 'Check the id. An id of another user looks like an unknown one.',
  },
  // Accepting the turn.
  accept_unknown: {
    text: 'It is not known whether the message was accepted.',
    httpStatus: 503,
    retry: 'same_id',
    action: 'Send it again with the same client_msg_id: it stays one turn.',
  },
  unavailable: {
    text: 'The service is not available right now.',
    httpStatus: 503,
    retry: 'later',
    action: 'Wait `retry_after_ms`, then send again with the same client_msg_id.',
  },
  // Checks of the turn.
  account_inactive: {
    text: 'Account inactive',
    httpStatus: 403,
    retry: 'no',
    action: 'Ask an administrator to activate the account.',
  },
  login_revoked: {
    text: 'This login has been ended.',
    httpStatus: 401,
    retry: 'no',
    action: 'Log in again.',
  },
  login_expired: {
    text: 'This login has expired.',
    httpStatus: 401,
    retry: 'no',
    action: 'Refresh the login and connect again.',
  },
  blocked: {
    text: 'Access blocked',
    httpStatus: 403,
    retry: 'no',
    action: 'Show the message; ask an administrator.',
  },
  conversation_busy: {
    text: 'Another turn of this conversation is running.',
    httpStatus: 409,
    retry: 'later',
    action: 'Wait for its end, or cancel it.',
  },
  rate_limited: {
    text: 'Too many requests in a minute.',
    httpStatus: 429,
    retry: 'later',
    action: 'Wait until `reset_at`.',
  },
  concurrency_limited: {
    text: 'Too many turns are running at once.',
    httpStatus: 429,
    retry: 'later',
    action: 'Wait for one of the running turns to end.',
  },
  request_limit: {
    text: 'The number of requests for this period is used up.',
    httpStatus: 429,
    retry: 'later',
    action: 'Wait until `reset_at`, or ask for a higher limit.',
  },
  token_limit: {
    text: 'The tokens for this period are used up.',
    httpStatus: 429,
    retry: 'later',
    action: 'Wait until `reset_at`, or ask for a higher limit.',
  },
  cost_limit: {
    text: 'The budget for this period is used up.',
    httpStatus: 429,
    retry: 'later',
    action: 'Wait until `reset_at`, or ask for a higher limit.',
  },
  // The model.
  model_overloaded: {
    text: 'The model is overloaded.',
    httpStatus: 503,
    retry: 'later',
    action: 'Send a new message after `retry_after_ms`.',
  },
  model_rate_limited: {
    text: 'The model provider is limiting requests.',
    httpStatus: 503,
    retry: 'later',
    action: 'Send a new message after `retry_after_ms`.',
  },
  model_spend_cap: {
    text: 'The model account has reached its spending cap.',
    httpStatus: 503,
    retry: 'no',
    action: 'An operator has to raise the cap.',
  },
  model_unavailable: {
    text: 'The model could not be reached.',
    httpStatus: 503,
    retry: 'later',
    action: 'Send a new message later.',
  },
  model_timeout: {
    text: 'The model stopped answering.',
    httpStatus: 504,
    retry: 'later',
    action: 'Send a new message later.',
  },
  model_rejected: {
    text: 'The model refused the request.',
    httpStatus: 502,
    retry: 'no',
    action: 'Change the message; if it goes on, an operator has to check the model settings.',
  },
  context_too_long: {
    text: 'The message does not fit the model’s context window.',
    httpStatus: 413,
    retry: 'no',
    action: 'Shorten the message or begin a new conversation.',
  },
  // Ends that no user asked for.
  interrupted: {
    text: 'The turn was interrupted.',
    httpStatus: 500,
    retry: 'later',
    action: 'What was said stands in `result`; send a new message to go on.',
  },
  internal: {
    text: 'Something went wrong here.',
    httpStatus: 500,
    retry: 'later',
    action: 'Send a new message; an operator finds the cause under the session_id.',
  },
} as const satisfies Record<string, ErrorCode>

export type ErrorCodeName = keyof typeof errorCodes

export const errorCodeNames = Object.keys(errorCodes) as [ErrorCodeName, ...ErrorCodeName[]]
