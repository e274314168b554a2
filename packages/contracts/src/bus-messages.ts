import { z } from 'zod'
import { clientMsgIdSchema } from './client-frames.ts'
import { idSchema, userIdSchema } from './ids.ts'
import { identitySchema } from './identity.ts'
import { limitStateSchema } from './limits.ts'
import { turnSources } from './turn-status.ts'

/** `chat.open` request: may this user have a connection? With a conversation_id: reopen one of one's own. */
export const openRequestSchema = z.strictObject({
  identity: identitySchema,
  conversation_id: idSchema.nullable(),
  /** Where the client connects from, as far as trusted proxies say; new connections are also counted by it. */
  address: z.string().optional(),
})

/** `chat.open` answer. */
export const openReplySchema = z.discriminatedUnion('allowed', [
  z.strictObject({
    allowed: z.literal(true),
    welcome: z.string(),
    limits: z.array(limitStateSchema),
    /** The turn of the reopened conversation that runs now. */
    running: idSchema.nullable().optional(),
    /** When the user was admitted, by the clock that also says when turns end. */
    at: z.iso.datetime({ precision: 3 }).optional(),
  }),
  z.strictObject({
    allowed: z.literal(false),
    code: z.enum([
      'blocked',
      'account_inactive',
      'login_revoked',
      'not_found',
      'unavailable',
      'too_many_connections',
    ]),
    /** Text for people; for `blocked` the custom message, else the reason. */
    message: z.string(),
    retry_after_ms: z.int().min(0).optional(),
  }),
])

/** `chat.recheck` request: which of these logins, each with connections at the asking edge, may no longer chat? */
export const recheckRequestSchema = z.strictObject({
  logins: z.array(z.strictObject({ user_id: userIdSchema, sid: z.string() })).max(5000),
})

/** `chat.recheck` answer: codes and messages as `chat.open` would give them. */
export const recheckReplySchema = z.strictObject({
  refused: z.array(
    z.strictObject({
      user_id: userIdSchema,
      sid: z.string(),
      code: z.enum(['blocked', 'account_inactive', 'login_revoked']),
      message: z.string(),
    }),
  ),
})

/** `chat.turns`: one user message to be answered. */
export const turnMessageSchema = z.strictObject({
  session_id: idSchema,
  conversation_id: idSchema.nullable(),
  identity: identitySchema,
  source: z.enum(turnSources),
  client_msg_id: clientMsgIdSchema.nullable(),
  text: z.string().min(1),
  replaces: idSchema.nullable(),
  accepted_at: z.iso.datetime({ precision: 3 }),
})

/** `chat.owner.<session>.<verb>` request; the owner compares the user with the turn's. */
export const ownerRequestSchema = z.strictObject({ user_id: userIdSchema })

/** `chat.owner.<session>.alive` answer. */
export const aliveReplySchema = z.strictObject({ attempt: z.int().min(1), worker: z.string() })

/** `chat.owner.<session>.cancel` answer: whether the turn is the user's, and so is stopped. */
export const ownerCancelReplySchema = z.strictObject({ known: z.boolean() })

/** What a turn asks. */
export const askedSchema = z.strictObject({
  /** Of a turn that was refused the beginning. */
  question: z.string(),
  replaces: idSchema.nullable(),
  /** Of the whole question, see makeQuestionDigest; null in rows of an older release. */
  digest: idSchema.nullable(),
})

/** `chat.replies.….mismatch`: for edges whose client asks just this, and so something else than the turn of that id. */
export const mismatchSchema = z.strictObject({ session_id: idSchema, digest: idSchema })

/** `chat.owner.<session>.snapshot` answer: the text so far as of `seq`; not yours looks like unknown. */
export const snapshotReplySchema = z.discriminatedUnion('known', [
  z.strictObject({
    known: z.literal(true),
    attempt: z.int().min(1),
    seq: z.int().min(0),
    text: z.string(),
    asked: askedSchema.optional(),
  }),
  z.strictObject({ known: z.literal(false) }),
])

/** `chat.result` request and answer: the turn's row as a client may see it. */
export const resultRequestSchema = z.strictObject({ session_id: idSchema, user_id: userIdSchema })

export const resultReplySchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('unknown') }),
  z.strictObject({ state: z.literal('queued') }),
  z.strictObject({
    state: z.literal('running'),
    attempt: z.int().min(1),
    asked: askedSchema.optional(),
  }),
  /** The terminal frame with its question, ready to send. */
  z.strictObject({ state: z.literal('ended'), frame: z.string(), asked: askedSchema.optional() }),
])

/** `chat.cancel` request: the request is written to the row, then the owner gets a message. */
export const cancelRequestSchema = z.strictObject({
  session_id: idSchema,
  user_id: userIdSchema,
  by: z.enum(['user', 'operator', 'last_viewer_gone']),
  /** The asking edge accepted the turn itself: it exists, even if it has no row and no event yet. */
  accepted: z.boolean(),
})

export const cancelReplySchema = z.strictObject({ state: z.enum(['requested', 'ended', 'unknown']) })

/** `chat.viewers.<session or conversation>` request and answer, from edge to edge: does anybody watch it there? */
export const viewersRequestSchema = z.strictObject({ edge: z.string() })

export const viewersReplySchema = z.strictObject({ edge: z.string() })

/** `chat.tools` request: which tools does this MCP server offer? */
export const toolsRequestSchema = z.strictObject({
  server: z.string(),
  /** Asks the server now; else an answer that the worker remembers is good enough. */
  fresh: z.boolean().default(true),
})

/** What a worker did with a tool that models cannot be offered as its server describes it. */
export const toolNoteSchema = z.strictObject({
  /** As its server calls it; empty where it does not. */
  tool: z.string(),
  /** Offered as the model's API takes it; not offered; or no longer offered, since that refused it. */
  state: z.enum(['mapped', 'left_out', 'set_aside']),
  /** As the model knows it. */
  offered_as: z.string().nullable(),
  why: z.string(),
})

/** `chat.tools` answer: as a worker sees the server now; `reason` says why its tools are not known. */
export const toolsReplySchema = z.strictObject({
  /** Names of the tools that are offered. */
  tools: z.array(z.string()),
  /** Of tools that are offered otherwise than they are described, or not at all; absent where there are none. */
  notes: z.array(toolNoteSchema).optional(),
  reason: z.string().nullable(),
})

/** `chat.tool_call` request: an operator tries a tool, with the rights of the operator. */
export const toolCallRequestSchema = z.strictObject({
  server: z.string(),
  /** As its server calls it. */
  tool: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  user_id: userIdSchema,
  sid: z.string(),
})

/** `chat.tool_call` answer: what a model would be given. */
export const toolCallReplySchema = z.strictObject({
  status: z.enum(['ok', 'error', 'refused', 'timeout', 'cancelled']),
  content: z.string(),
  /** What permitted or refused the call; empty where it did not come to that. */
  rule: z.string(),
  duration_ms: z.number(),
  /** Whether a part of a long result was left out. */
  truncated: z.boolean(),
})

/** `chat.status` request: who is there, and how? */
export const statusRequestSchema = z.strictObject({})

/** `chat.status` answer of one process. */
export const statusReplySchema = z.strictObject({
  service: z.enum(['ws-edge', 'chat-worker', 'flow-recorder', 'console']),
  instance: z.string(),
  version: z.string(),
  protocol: z.int(),
  started_at: z.iso.datetime(),
  is_ready: z.boolean(),
  /** Why it is not, by condition. */
  missing: z.record(z.string(), z.string()),
  /** What it has in hand, such as `connections` and `turns`. */
  counts: z.record(z.string(), z.number()),
})

/** `control.user.<user_id>`: something about the user changed; look again. */
export const controlMessageSchema = z.strictObject({
  user_id: userIdSchema,
  change: z.enum(['blocked', 'unblocked', 'deactivated', 'permissions', 'limits', 'logged_out', 'kicked']),
  /** The login that ended, where only one did. */
  sid: z.string().nullable(),
})

/** `chat.workers`: a worker is at work; `process` is new with each start, names may come again. */
export const workerSignSchema = z.strictObject({ worker: z.string(), process: z.uuid() })

/** `control.tools`: something about an MCP server changed; look again. */
export const toolsChangeSchema = z.strictObject({ server: z.string() })

/** `control.prices`: the price of a model changed; look again. */
export const pricesChangeSchema = z.strictObject({ model: z.string() })

/** `dead.<stream>`: a message that no service could process, kept for an operator. */
export const deadLetterSchema = z.strictObject({
  reason: z.string(),
  subject: z.string(),
  stream: z.string(),
  stream_sequence: z.int(),
  deliveries: z.int(),
  /** The payload as it came, base64. */
  payload: z.base64(),
  parked_at: z.iso.datetime({ precision: 3 }),
  parked_by: z.string(),
})

export type OpenRequest = z.infer<typeof openRequestSchema>
export type OpenReply = z.infer<typeof openReplySchema>
export type RecheckRequest = z.infer<typeof recheckRequestSchema>
export type RecheckReply = z.infer<typeof recheckReplySchema>
export type TurnMessage = z.infer<typeof turnMessageSchema>
export type OwnerRequest = z.infer<typeof ownerRequestSchema>
export type Asked = z.infer<typeof askedSchema>
export type Mismatch = z.infer<typeof mismatchSchema>
export type SnapshotReply = z.infer<typeof snapshotReplySchema>
export type ResultRequest = z.infer<typeof resultRequestSchema>
export type ResultReply = z.infer<typeof resultReplySchema>
export type CancelRequest = z.infer<typeof cancelRequestSchema>
export type CancelReply = z.infer<typeof cancelReplySchema>
export type ControlMessage = z.infer<typeof controlMessageSchema>
export type WorkerSign = z.infer<typeof workerSignSchema>
export type ToolsRequest = z.input<typeof toolsRequestSchema>
export type ToolNote = z.infer<typeof toolNoteSchema>
export type ToolCallRequest = z.infer<typeof toolCallRequestSchema>
export type ToolCallReply = z.infer<typeof toolCallReplySchema>
export type StatusReply = z.infer<typeof statusReplySchema>
export type ToolsReply = z.infer<typeof toolsReplySchema>
export type ToolsChange = z.infer<typeof toolsChangeSchema>
export type PricesChange = z.infer<typeof pricesChangeSchema>
export type DeadLetter = z.infer<typeof deadLetterSchema>
