interface CloseCode {
  name: string
  /** Whether the client should connect again by itself. */
  reconnect: boolean
  /** Whether a resume after that can bring back a running turn. */
  resume: boolean
  action: string
}

/** Every code the server closes a WebSocket with (RFC 6455 §7.4, 4xxx are this protocol's own). */
export const closeCodes = {
  1000: { name: 'normal', reconnect: false, resume: false, action: 'The client closed.' },
  1007: { name: 'invalid_utf8', reconnect: true, resume: true, action: 'Send valid UTF-8.' },
  1008: {
    name: 'refused',
    reconnect: false,
    resume: false,
    action: 'Show the reason; ask an administrator.',
  },
  1009: { name: 'too_large', reconnect: true, resume: true, action: 'Send smaller frames.' },
  1011: {
    name: 'internal',
    reconnect: true,
    resume: true,
    action: 'Reconnect with growing, jittered delays.',
  },
  1012: {
    name: 'restart',
    reconnect: true,
    resume: true,
    action: 'Reconnect after `goodbye.retry_after_ms`.',
  },
  1013: {
    name: 'overload_or_slow_reader',
    reconnect: true,
    resume: true,
    action: 'Reconnect after `goodbye.retry_after_ms`; read faster.',
  },
  4401: {
    name: 'proof_expired',
    reconnect: true,
    resume: true,
    action: 'Refresh the login or take a new ticket, then reconnect.',
  },
  4403: { name: 'not_yours', reconnect: false, resume: false, action: 'Check the conversation_id.' },
  4408: { name: 'no_pong', reconnect: true, resume: true, action: 'Reconnect; answer pings.' },
  4429: {
    name: 'too_many',
    reconnect: true,
    resume: true,
    action: 'Reconnect after `goodbye.retry_after_ms` with fewer connections or frames.',
  },
} as const satisfies Record<number, CloseCode>

export type CloseCodeNumber = keyof typeof closeCodes

/** Close reasons are cut to the 123 bytes of UTF-8 that RFC 6455 §5.5 leaves for them. */
export function fitCloseReason(reason: string): string {
  const bytes = new TextEncoder().encode(reason)
  if (bytes.length <= 123) return reason
  return new TextDecoder('utf-8').decode(bytes.subarray(0, 120)).replace(/\uFFFD+$/u, '') + '…'
}
