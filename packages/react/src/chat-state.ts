import type { ChatError, LimitState, ReplyResult, Welcome } from '@omni2/client'

/** A tool call of a reply. */
export interface ToolUse {
  readonly callId: string
  /** `server.tool`. */
  readonly name: string
  readonly input: unknown
  readonly status: 'running' | 'ok' | 'error' | 'refused' | 'timeout' | 'cancelled'
  readonly durationMs: number | undefined
}

/**
 * One question with its reply. Sending: not accepted yet, it may be withdrawn. Running: accepted. Stopping: its stop was
 * asked for and its end has not come. The others are ends.
 */
export interface Exchange {
  /** Stays the same for the life of the exchange. */
  readonly key: string
  /** Undefined until it is accepted. */
  readonly turnId: string | undefined
  readonly question: string
  /** The turn that this one edits or regenerates. */
  readonly replaces: string | undefined
  readonly text: string
  readonly state: 'sending' | 'running' | 'stopping' | 'done' | 'cancelled' | 'failed'
  readonly tools: readonly ToolUse[]
  readonly warnings: readonly string[]
  /** `restarted`: another worker began the reply again. `silent`: nothing has come for some time; the turn goes on. */
  readonly notice: 'restarted' | 'silent' | undefined
  readonly error: ChatError | undefined
  readonly result: ReplyResult | undefined
}

/** Where a chat stands with its server. */
export type ConnectionState =
  | { readonly type: 'connecting' | 'connected' }
  /** `retryAt`: Unix milliseconds. Replies go on meanwhile, at the server. */
  | { readonly type: 'reconnecting'; readonly retryAt: number }
  /** For good; `error` is absent after `close`. */
  | { readonly type: 'closed'; readonly error: ChatError | undefined }

/** Everything that a page shows of a chat; a new object after each change. */
export interface ChatState {
  readonly connection: ConnectionState
  /** Known from the first welcome on. */
  readonly conversationId: string | undefined
  readonly welcome: Welcome | undefined
  /** As of the welcome or the last end. */
  readonly limits: readonly LimitState[]
  /** Of this connection, the oldest first; earlier ones are in `ChatApi.listTurns`. */
  readonly exchanges: readonly Exchange[]
}
