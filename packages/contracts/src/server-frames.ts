import { z } from 'zod'
import { clientMsgIdSchema } from './client-frames.ts'
import { errorCodeNames } from './error-codes.ts'
import { idSchema } from './ids.ts'
import { limitKinds, limitStateSchema } from './limits.ts'
import { turnResultSchema } from './turn-result.ts'

/** Head of every frame that belongs to a turn; the edge's own frames have attempt 0, from 0, seq 0. */
const turnHead = {
  session_id: idSchema,
  attempt: z.int().min(0),
  /** The first frame that this one covers: `from < seq` marks merged token frames. */
  from: z.int().min(0),
  /** Rises by one per frame of an attempt, from 1. */
  seq: z.int().min(0),
}

/** The question of a turn, for viewers that did not ask it. */
const questionFields = {
  /** The user's text; of a turn that was refused its beginning. */
  question: z.string().optional(),
  /** The turn that this one edits or regenerates. */
  replaces: idSchema.optional(),
}

/** Fields of every frame that ends a turn. */
const endFields = {
  /** Where the end comes without a frame before it that says so. */
  ...questionFields,
  /** When the turn ended, by the database's clock. */
  ended_at: z.iso.datetime({ precision: 3 }).optional(),
  /** What the user's limits are then, as the turn's claim measured them and with what the turn used; absent where it counts nowhere. */
  limits: z.array(limitStateSchema).optional(),
}

/** Of a message that ended before a worker had its turn. */
const earlyEndFields = { ...endFields, client_msg_id: clientMsgIdSchema.optional() }

const errorFields = {
  /** Text for people. */
  error: z.string(),
  code: z.enum(errorCodeNames),
  /** Of `interrupted`: how the model failed. */
  cause: z.enum(errorCodeNames).optional(),
  retry_after_ms: z.int().min(0).optional(),
  reset_at: z.iso.datetime().optional(),
  limit: z.number().optional(),
  used: z.number().optional(),
  remaining: z.number().optional(),
  limit_kind: z.enum(limitKinds).optional(),
  result: turnResultSchema.optional(),
}

/** Frames of a connection, outside any turn. */
const connectionFrames = [
  z.looseObject({
    type: z.literal('welcome'),
    /** Of the wire, `protocolVersion`; clients close where it is higher than theirs. */
    protocol: z.int().min(1),
    conversation_id: idSchema,
    text: z.string(),
    resume_token: z.string(),
    limits: z.array(limitStateSchema),
    edge: z.string(),
  }),
  z.looseObject({
    type: z.literal('goodbye'),
    code: z.int(),
    resume: z.boolean(),
    retry_after_ms: z.int().min(0),
  }),
  z.looseObject({ type: z.literal('pong') }),
] as const

/** Frames of a turn, in the order in which they can first appear. */
const turnFrames = [
  z.looseObject({ type: z.literal('accepted'), ...turnHead, client_msg_id: clientMsgIdSchema.optional() }),
  z.looseObject({ type: z.literal('restart'), ...turnHead }),
  z.looseObject({ type: z.literal('started'), ...turnHead, ...questionFields }),
  z.looseObject({ type: z.literal('warning'), ...turnHead, message: z.string() }),
  z.looseObject({ type: z.literal('token'), ...turnHead, text: z.string() }),
  z.looseObject({
    type: z.literal('tool_call'),
    ...turnHead,
    mcp: z.string(),
    tool: z.string(),
    call_id: z.string(),
    input: z.unknown(),
  }),
  z.looseObject({
    type: z.literal('tool_result'),
    ...turnHead,
    call_id: z.string(),
    status: z.enum(['ok', 'error', 'refused', 'timeout', 'cancelled']),
    duration_ms: z.int().min(0),
  }),
  z.looseObject({ type: z.literal('waiting'), ...turnHead }),
  z.looseObject({ type: z.literal('done'), ...turnHead, ...endFields, result: turnResultSchema }),
  z.looseObject({ type: z.literal('cancelled'), ...turnHead, ...earlyEndFields, result: turnResultSchema }),
] as const

/** The one answer to a `resume`. */
const resumeAnswers = [
  z.looseObject({ type: z.literal('resumed'), ...turnHead }),
  z.looseObject({ type: z.literal('snapshot'), ...turnHead, ...questionFields, text: z.string() }),
  z.looseObject({ type: z.literal('finished'), ...turnHead, frame: z.looseObject({ type: z.string() }) }),
  z.looseObject({
    type: z.literal('unrecoverable'),
    /** Absent where only an invalid token says which turn the client_msg_id names. */
    ...z.object(turnHead).partial().shape,
    client_msg_id: clientMsgIdSchema.optional(),
    reason: z.enum(['unknown', 'bad_token', 'expired_token', 'future_cursor']),
  }),
] as const

/** `error` ends a turn when it has a session_id with attempt ≥ 1; without one it answers a frame of the client. */
const errorFrame = z.looseObject({
  type: z.literal('error'),
  ...z.object(turnHead).partial().shape,
  ...earlyEndFields,
  ...errorFields,
})

/** `blocked` ends a turn when it has a session_id; without one it refuses the connection. */
const blockedFrame = z.looseObject({
  type: z.literal('blocked'),
  ...z.object(turnHead).partial().shape,
  ...earlyEndFields,
  message: z.string(),
  code: z.enum(errorCodeNames).optional(),
})

export const serverFrameSchema = z.discriminatedUnion('type', [
  ...connectionFrames,
  ...turnFrames,
  ...resumeAnswers,
  blockedFrame,
  errorFrame,
])

export type ServerFrame = z.infer<typeof serverFrameSchema>
export type ServerFrameType = ServerFrame['type']
export type ServerFrameOf<T extends ServerFrameType> = Extract<ServerFrame, { type: T }>
export type ErrorFields = Pick<ServerFrameOf<'error'>, keyof typeof errorFields>

export const serverFrameTypes: readonly ServerFrameType[] = serverFrameSchema.options.map(
  (option) => option.shape.type.value,
)

/** Frames after which nothing more of the turn follows. */
export const terminalFrameTypes = ['done', 'cancelled', 'error', 'blocked'] as const

export type TerminalFrameType = (typeof terminalFrameTypes)[number]

export const isTerminalFrameType = (type: string): type is TerminalFrameType =>
  (terminalFrameTypes as readonly string[]).includes(type)
