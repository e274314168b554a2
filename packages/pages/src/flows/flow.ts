/** A turn in the flow history, as `GET /api/v1/flows` answers. Times ISO 8601, cost in USD. */
export interface Flow {
  readonly session_id: string
  readonly conversation_id: string | null
  readonly user_id: number
  readonly username: string | null
  readonly source: 'ws' | 'sse'
  readonly status: FlowStatus
  readonly attempt: number
  readonly question: string
  readonly model: string | null
  readonly tools_used: readonly string[]
  readonly tokens_input: number | null
  readonly tokens_output: number | null
  readonly cost_usd: number
  readonly error_code: string | null
  readonly queue_ms: number | null
  readonly first_token_ms: number | null
  readonly duration_ms: number | null
  readonly created_at: string
  readonly ended_at: string | null
}

export const flowStatuses = [
  'queued',
  'running',
  'done',
  'error',
  'cancelled',
  'interrupted',
  'refused',
  'blocked',
] as const

export type FlowStatus = (typeof flowStatuses)[number]

/** A conversation with the turns of it that match, as `GET /api/v1/flow-groups` answers. */
export interface FlowGroup {
  readonly conversation_id: string
  readonly user_id: number
  readonly username: string | null
  readonly title: string
  readonly turns: number
  readonly failed: number
  readonly tokens: number
  readonly cost_usd: number
  readonly first_at: string
  readonly last_at: string
}

/** `GET /api/v1/flow-statistics`. */
export interface FlowStatistics {
  readonly since: string
  readonly until: string
  readonly step_seconds: number
  readonly buckets: readonly FlowBucket[]
}

export interface FlowBucket {
  readonly at: string
  readonly turns: number
  readonly failed: number
  readonly tokens: number
  readonly cost_usd: number
  readonly first_token_p50_ms: number | null
  readonly first_token_p95_ms: number | null
  readonly duration_p50_ms: number | null
  readonly duration_p95_ms: number | null
}

/** A checkpoint of a turn; attempt 0 is the edge's. */
export interface FlowEvent {
  readonly attempt: number
  readonly ordinal: number
  readonly event_type: string
  readonly outcome: 'passed' | 'refused' | 'failed' | 'skipped'
  readonly at: string
  readonly data: Readonly<Record<string, unknown>>
}

/** One turn with its checkpoints, as `GET /api/v1/flows/{session_id}` answers. */
export interface FlowDetails extends Omit<
  Flow,
  'question' | 'tools_used' | 'queue_ms' | 'first_token_ms' | 'duration_ms'
> {
  readonly claimed_by: string | null
  readonly cancel_requested_at: string | null
  readonly started_at: string | null
  readonly error: string | null
  readonly user_text: string
  readonly answer: string | null
  readonly tokens_cache_read: number | null
  readonly tokens_cache_write: number | null
  readonly estimated: boolean
  readonly tokens_abandoned: number
  readonly cost_abandoned_usd: number
  readonly events: readonly FlowEvent[]
}

/** Whether a turn ended without a whole answer, and how its status looks. */
export function toneOf(status: FlowStatus): 'ok' | 'error' | 'warn' | 'live' {
  if (status === 'done') return 'ok'
  if (status === 'cancelled') return 'warn'
  return status === 'queued' || status === 'running' ? 'live' : 'error'
}

/** A field of an event as text; what is no text is not shown. */
export const textOf = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' ? value : otherwise
