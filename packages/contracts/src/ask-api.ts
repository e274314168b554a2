import { z } from 'zod'
import { wireBounds } from './bounds.ts'

/** Paths of the SSE bridge: each answers POST, `GET <path>/{session_id}` and, below `/ask`, `DELETE /ask/{session_id}`. */
export const askPaths = ['/ask/stream', '/api/v1/chat/ask/stream'] as const

/** Names the message of an ask, as client_msg_id does on the socket. */
export const idempotencyHeader = 'idempotency-key'

/** Carries the turn's id in the answer. */
export const sessionIdHeader = 'x-session-id'

/** Second name of an `error` event, which comes just before it: an EventSource calls the breaks of its connection `error`, too. */
export const turnErrorEvent = 'turn_error'

/** Headers of a 429 that name the limit which refused: its height, what is left of it, and seconds until it is reset. */
export const rateLimitHeaders = {
  limit: 'x-ratelimit-limit',
  remaining: 'x-ratelimit-remaining',
  reset: 'x-ratelimit-reset',
} as const

/** Body of `POST /ask/stream`; who asks comes from the proof, `user_id` is accepted and not believed. */
export const askRequestSchema = z.looseObject({
  message: z.string().max(wireBounds.textLength),
  user_id: z.unknown().optional(),
})

/** Where a client of a stream stands: the `id:` of an SSE event. */
export interface Cursor {
  session_id: string
  attempt: number
  seq: number
}

/** Writes `session_id:attempt:seq`. */
export const encodeCursor = ({ session_id, attempt, seq }: Cursor): string =>
  `${session_id}:${attempt}:${seq}`

const cursorPattern = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):(\d{1,9}):(\d{1,9})$/

/** Reads a cursor; undefined for anything else. */
export function parseCursor(text: string): Cursor | undefined {
  const [, session_id, attempt, seq] = cursorPattern.exec(text) ?? []
  return session_id === undefined ? undefined : { session_id, attempt: Number(attempt), seq: Number(seq) }
}

/** Body of every refusal over HTTP. */
export const httpErrorSchema = z.looseObject({
  error: z.string(),
  code: z.string(),
  retry_after_ms: z.int().min(0).optional(),
})
