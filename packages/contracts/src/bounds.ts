/** Bounds of the wire that clients can rely on; each is enforced by ws-edge, which may be configured lower. */
export const wireBounds = {
  /** Characters (UTF-16 units) of a user message's text. */
  textLength: 32_000,
  /** Bytes of one client frame. */
  framePayloadBytes: 64 * 1024,
  /** Characters of a client_msg_id or Idempotency-Key. */
  clientMsgIdLength: 128,
} as const
