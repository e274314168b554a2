import {
  makeConversationId,
  makeNodeId,
  makeTurnId,
  type EventType,
  type FlowEventMessage,
  type FlowMessage,
  type Settlement,
} from '@omni2/contracts'

export interface MadeTurn {
  readonly turnId: string
  readonly conversationId: string | null
  readonly userId: number
  /** In the order of attempt and ordinal. */
  readonly events: readonly FlowEventMessage[]
  readonly settlement: Settlement
  /** The events, then the settlement. */
  readonly messages: readonly FlowMessage[]
}

const checks = [
  'auth_check',
  'block_check',
  'usage_check',
  'mcp_permission_check',
  'tool_filter',
  'llm_thinking',
] as const

const begunAt = Date.parse('2026-03-01T10:00:00.000Z')

/** A moment of a turn, ISO; milliseconds from when it was accepted. */
export const momentAt = (ms: number): string => new Date(begunAt + ms).toISOString()

/** What edge and worker send about one turn; attempts before the last stop at `llm_thinking`. */
export function makeTurn(options: { userId?: number; attempts?: number; sse?: boolean } = {}): MadeTurn {
  const { userId = 2, attempts = 1, sse = false } = options
  const conversationId = sse ? null : makeConversationId()
  const turnId = makeTurnId({ userId, conversationId })
  const owner = {
    session_id: turnId,
    user_id: userId,
    conversation_id: conversationId,
    source: sse ? ('sse' as const) : ('ws' as const),
  }
  const makeEvent = (type: EventType, attempt: number, ordinal: number): FlowEventMessage => ({
    kind: 'event',
    ...owner,
    event: {
      node_id: makeNodeId(attempt, ordinal),
      parent_id: findParent(attempt, ordinal),
      event_type: type,
      timestamp: momentAt(attempt * 1000 + ordinal * 7),
      attempt,
      ordinal,
      outcome: 'passed',
      data: { text: `${type} of attempt ${attempt}`, list: [1, null], nothing: null },
    },
  })
  const events = [makeEvent('accepted', 0, 0)]
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const steps = attempt < attempts ? checks : [...checks, 'llm_complete' as const]
    events.push(...steps.map((type, ordinal) => makeEvent(type, attempt, ordinal)))
  }
  const settlement: Settlement = {
    kind: 'settlement',
    ...owner,
    attempt: attempts,
    status: 'done',
    accepted_at: momentAt(0),
    ended_at: momentAt(attempts * 1000 + 500),
    question: 'What is “new”?',
    error: null,
    result: makeResult(),
    activities: makeActivities(),
  }
  return { turnId, conversationId, userId, events, settlement, messages: [...events, settlement] }
}

/** Events in one message, as a worker sends what comes close together. */
export function sendTogether(events: readonly FlowEventMessage[]): FlowMessage {
  const [first] = events
  if (!first) throw new TypeError('no events')
  const { event: _, ...owner } = first
  return { ...owner, kind: 'events', events: events.map(({ event }) => event) }
}

function findParent(attempt: number, ordinal: number): string | null {
  if (ordinal > 0) return makeNodeId(attempt, ordinal - 1)
  return attempt === 0 ? null : makeNodeId(0, 0)
}

const makeResult = () => ({
  answer: 'Everything.',
  model: 'claude-sonnet-5-5',
  stop_reason: 'end_turn',
  iterations: 2,
  tool_calls: 1,
  tools_used: ['files.read.text'],
  tokens_input: 120,
  tokens_output: 34,
  tokens_cached: 100,
  cost_usd: 0.00001234,
  duration_ms: 480,
  first_token_ms: 35,
  queue_ms: 3,
})

const makeActivities = (): Settlement['activities'] => [
  {
    activity_type: 'user_message',
    activity_data: { text: 'What is “new”?' },
    duration_ms: null,
    created_at: momentAt(0),
  },
  {
    activity_type: 'mcp_tool_call',
    activity_data: { mcp: 'files', tool: 'read.text', input: { path: '/a' } },
    duration_ms: null,
    created_at: momentAt(100),
  },
  {
    activity_type: 'mcp_tool_response',
    activity_data: { mcp: 'files', tool: 'read.text', output: 'x'.repeat(2000) },
    duration_ms: 12,
    created_at: momentAt(112),
  },
  {
    activity_type: 'assistant_response',
    activity_data: { text: 'Everything.' },
    duration_ms: 480,
    created_at: momentAt(500),
  },
]
