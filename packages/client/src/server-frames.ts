import type { ErrorCodeName } from './error-code-name.ts'

// The wire as this package reads it, so that its types need no other package. A test holds them against the contract.

/** Head of every frame that belongs to a turn; the server's own frames have attempt 0, from 0, seq 0. */
type TurnHead = {
  session_id: string
  attempt: number
  /** First frame this one stands for: `from < seq` marks token frames that were merged. */
  from: number
  /** Rises by one per frame of an attempt, from 1. */
  seq: number
}

type MaybeTurnHead = { [K in keyof TurnHead]?: TurnHead[K] | undefined }

/** What a turn asks, for those who see it and have not asked it. */
type QuestionFields = {
  question?: string | undefined
  /** The turn that this one edits or regenerates. */
  replaces?: string | undefined
}

type EndFields = QuestionFields & {
  /** When the turn ended, by the server's clock, ISO 8601. */
  ended_at?: string | undefined
  /** What the user's limits are then; absent where the turn counts nowhere. */
  limits?: LimitState[] | undefined
}

/** Of a message that ended before a worker had its turn. */
type EarlyEndFields = EndFields & { client_msg_id?: string | undefined }

/** Kinds of limit that a turn is measured against. */
export type LimitKind =
  | 'requests_per_minute'
  | 'concurrent_turns'
  | 'cost_daily'
  | 'requests_period'
  | 'tokens_period'
  | 'cost_period'

/** One limit as measured: `limit` null means none. Costs are USD; `reset_at` is ISO 8601, or null for a running count. */
export type LimitState = {
  kind: LimitKind
  limit: number | null
  used: number
  remaining: number | null
  reset_at: string | null
}

/** What a turn answered and what it cost. */
export type TurnResult = {
  answer: string
  model: string
  /** The model's own stop reason, or `cancelled`, `interrupted`. */
  stop_reason: string
  /** Model calls made. */
  iterations: number
  tool_calls: number
  /** `mcp.tool` names in order of first use. */
  tools_used: string[]
  /** Everything the model read, cached included. */
  tokens_input: number
  tokens_output: number
  /** The part of tokens_input that was read from the prompt cache. */
  tokens_cached: number
  /** USD with 8 decimals. */
  cost_usd: number
  duration_ms: number
  first_token_ms: number | null
  /** From accepted to claimed. */
  queue_ms: number
  /** True where the model's own count was lost and tokens were estimated from the text. */
  estimated?: boolean | undefined
  warning?: string | undefined
}

/** Frames of a connection, outside any turn. */
type ConnectionFrame =
  | {
      type: 'welcome'
      /** Version of the wire. */
      protocol: number
      conversation_id: string
      text: string
      resume_token: string
      limits: LimitState[]
      edge: string
    }
  | { type: 'goodbye'; code: number; resume: boolean; retry_after_ms: number }
  | { type: 'pong' }

type RunningFrame =
  | ({ type: 'accepted'; client_msg_id?: string | undefined } & TurnHead)
  | ({ type: 'restart' } & TurnHead)
  | ({ type: 'started' } & TurnHead & QuestionFields)
  | ({ type: 'warning'; message: string } & TurnHead)
  | ({ type: 'token'; text: string } & TurnHead)
  | ({ type: 'tool_call'; mcp: string; tool: string; call_id: string; input: unknown } & TurnHead)
  | ({
      type: 'tool_result'
      call_id: string
      status: 'ok' | 'error' | 'refused' | 'timeout' | 'cancelled'
      duration_ms: number
    } & TurnHead)
  | ({ type: 'waiting' } & TurnHead)

/** The one answer to a `resume`. */
type ResumeAnswer =
  | ({ type: 'resumed' } & TurnHead)
  | ({ type: 'snapshot'; text: string } & TurnHead & QuestionFields)
  | ({ type: 'finished'; frame: { [field: string]: unknown; type: string } } & TurnHead)
  | ({
      type: 'unrecoverable'
      client_msg_id?: string | undefined
      reason: 'unknown' | 'bad_token' | 'expired_token' | 'future_cursor'
    } & MaybeTurnHead)

/** `error` and `blocked` end a turn when they have a session_id with attempt ≥ 1. */
type EndFrame =
  | ({ type: 'done'; result: TurnResult } & TurnHead & EndFields)
  | ({ type: 'cancelled'; result: TurnResult } & TurnHead & EarlyEndFields)
  | ({ type: 'blocked'; message: string; code?: ErrorCodeName | undefined } & MaybeTurnHead & EarlyEndFields)
  | ({
      type: 'error'
      /** Text for people. */
      error: string
      code: ErrorCodeName
      /** Of `interrupted`: how the model failed. */
      cause?: ErrorCodeName | undefined
      retry_after_ms?: number | undefined
      reset_at?: string | undefined
      limit?: number | undefined
      used?: number | undefined
      remaining?: number | undefined
      limit_kind?: LimitKind | undefined
      result?: TurnResult | undefined
    } & MaybeTurnHead &
      EarlyEndFields)

/** A frame that the server sends. */
export type ServerFrame = ConnectionFrame | RunningFrame | ResumeAnswer | EndFrame
export type ServerFrameType = ServerFrame['type']
export type ServerFrameOf<T extends ServerFrameType> = Extract<ServerFrame, { type: T }>
