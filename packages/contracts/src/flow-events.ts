import { z } from 'zod'
import { idSchema, userIdSchema } from './ids.ts'
import { subjects } from './subjects.ts'
import { turnResultSchema } from './turn-result.ts'
import { turnEnds, turnSources } from './turn-status.ts'

/** The steps of a turn in the worker, in their order; each is `steps/<name>.ts` there. */
export const stepNames = [
  'auth_check',
  'block_check',
  'usage_check',
  'mcp_permission_check',
  'tool_filter',
  'llm_thinking',
  'tool_call',
  'tool_result',
  'llm_complete',
  'error',
] as const

/** Event types of a flow: the edge's `accepted`, then the worker's steps. */
export const eventTypes = ['accepted', ...stepNames] as const

export const eventOutcomes = ['passed', 'refused', 'failed', 'skipped'] as const

export type StepName = (typeof stepNames)[number]
export type EventType = (typeof eventTypes)[number]
export type EventOutcome = (typeof eventOutcomes)[number]

/** A recorded checkpoint. Parent is the event before; tool events hang below their `llm_thinking`. */
export const flowEventSchema = z.strictObject({
  node_id: z.string().min(1).max(64),
  parent_id: z.string().min(1).max(64).nullable(),
  event_type: z.enum(eventTypes),
  timestamp: z.iso.datetime({ precision: 3 }),
  attempt: z.int().min(0),
  ordinal: z.int().min(0),
  outcome: z.enum(eventOutcomes),
  data: z.record(z.string(), z.unknown()),
})

export type FlowEvent = z.infer<typeof flowEventSchema>

/** A flow's event as unique in its turn: `attempt.ordinal`. */
export const makeNodeId = (attempt: number, ordinal: number): string => `${attempt}.${ordinal}`

const flowOwner = {
  session_id: idSchema,
  user_id: userIdSchema,
  conversation_id: idSchema.nullable(),
  source: z.enum(turnSources),
}

/** One thing a user or the assistant did, in the order of the settled attempt; texts are whole. */
export const activitySchema = z.strictObject({
  activity_type: z.enum(['user_message', 'mcp_tool_call', 'mcp_tool_response', 'assistant_response']),
  activity_data: z.record(z.string(), z.unknown()),
  duration_ms: z.int().min(0).nullable(),
  created_at: z.iso.datetime({ precision: 3 }),
})

export type Activity = z.infer<typeof activitySchema>

/**
 * Messages of `flow.events.<session_id>`: events of one attempt that came close together, or how the turn was settled
 * (sent once its row has ended). A single event comes as `event` too: the edge's `accepted`, on
 * `flow.accepted.<session_id>`, where nothing else is believed.
 */
export const flowMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('event'), ...flowOwner, event: flowEventSchema }),
  z.strictObject({ kind: z.literal('events'), ...flowOwner, events: z.array(flowEventSchema).min(1) }),
  z.strictObject({
    kind: z.literal('settlement'),
    ...flowOwner,
    /** The attempt that ended the turn, 1 where none was ever claimed; events of others are superseded. */
    attempt: z.int().min(0),
    status: z.enum(turnEnds),
    accepted_at: z.iso.datetime({ precision: 3 }),
    ended_at: z.iso.datetime({ precision: 3 }),
    question: z.string(),
    /** Why it did not end in `done`: an error code and its text. */
    error: z.strictObject({ code: z.string(), text: z.string() }).nullable(),
    result: turnResultSchema.nullable(),
    activities: z.array(activitySchema),
  }),
])

export type FlowMessage = z.infer<typeof flowMessageSchema>
export type FlowEventMessage = Extract<FlowMessage, { kind: 'event' }>
export type FlowEventsMessage = Extract<FlowMessage, { kind: 'events' }>
export type Settlement = Extract<FlowMessage, { kind: 'settlement' }>

/** The events of a message, in their order. */
export function listEvents(message: FlowMessage): readonly FlowEvent[] {
  if (message.kind === 'settlement') return []
  return message.kind === 'event' ? [message.event] : message.events
}

/** Each event of a message in a message of its own. */
export function splitEvents(message: FlowMessage): FlowEventMessage[] {
  const { session_id, user_id, conversation_id, source } = message
  return listEvents(message).map((event) => ({
    kind: 'event',
    session_id,
    user_id,
    conversation_id,
    source,
    event,
  }))
}

/** Deduplication id of a flow message within the stream's window; that of several events is that of the first. */
export function makeFlowMessageId(message: FlowMessage): string {
  const [first] = listEvents(message)
  return first ? `${message.session_id}:${first.attempt}:${first.ordinal}` : `${message.session_id}:settled`
}

/** Where a flow message comes: that a turn was accepted is the edge's to publish, all the rest a worker's. */
export function flowSubjectOf(message: FlowMessage): string {
  const isAccepted = listEvents(message).some(
    ({ event_type, attempt }) => event_type === 'accepted' && attempt === 0,
  )
  return isAccepted ? subjects.flowAccepted(message.session_id) : subjects.flowEvents(message.session_id)
}
