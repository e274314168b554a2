import { z } from 'zod'
import { wireBounds } from './bounds.ts'
import { httpCodeNames } from './http-codes.ts'
import { idSchema } from './ids.ts'
import { limitKinds } from './limits.ts'

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

/** Body of `POST /ask/stream`. The proof identifies the user; `user_id` is accepted and ignored. */
export const askRequestSchema = z.looseObject({
  message: z.string().max(wireBounds.textLength),
  user_id: z.unknown().optional(),
})

/** The position of a client in a stream: the `id:` of an SSE event. */
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

/** Answer of `DELETE /ask/{session_id}`: 202 for a turn that was asked to stop, 200 for one that had ended. */
export const cancelAnswerSchema = z.looseObject({
  session_id: idSchema,
  status: z.enum(['requested', 'ended']),
})

/** Body of every refusal over HTTP. */
export const httpErrorSchema = z.looseObject({
  /** Text for people. */
  error: z.string(),
  code: z.enum(httpCodeNames),
  retry_after_ms: z.int().min(0).optional(),
  /** Of a turn. */
  session_id: idSchema.optional(),
  reset_at: z.iso.datetime().optional(),
  limit_kind: z.enum(limitKinds).optional(),
  limit: z.number().optional(),
  used: z.number().optional(),
  remaining: z.number().optional(),
  /** Of `invalid_input`. */
  problems: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** Of `in_use`: how many. */
  users: z.int().optional(),
  /** Of `method_not_allowed`: the method that the path answers. */
  allow: z.string().optional(),
  /** Of `not_served`. */
  method: z.string().optional(),
  path: z.string().optional(),
  served: z.array(z.string()).optional(),
})

export type CancelAnswer = z.infer<typeof cancelAnswerSchema>
