import type { LimitState, ServerFrameOf, TurnResult } from './server-frames.ts'
import type { ChatError } from './chat-error.ts'

/** What was answered and what it cost; `limits`: what is left of the user's limits then, as in `chat.welcome.limits`. */
export type ReplyResult = TurnResult & { readonly limits?: readonly LimitState[] | undefined }

/**
 * What happens to a reply. `token` adds text and `reset` replaces all of it: a reader that does these two always holds
 * the reply. `restart` and `snapshot` give the reason of a reset that may follow. The last one is `done`,
 * `cancelled`, `error` or `blocked`.
 */
export type ReplyEvent =
  | { readonly type: 'accepted'; readonly session_id: string }
  | { readonly type: 'started' | 'restart' | 'waiting' }
  | { readonly type: 'token' | 'reset' | 'snapshot'; readonly text: string }
  | Readonly<Pick<ServerFrameOf<'tool_call'>, 'type' | 'call_id' | 'mcp' | 'tool' | 'input'>>
  | Readonly<Pick<ServerFrameOf<'tool_result'>, 'type' | 'call_id' | 'status' | 'duration_ms'>>
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'done' | 'cancelled'; readonly result: ReplyResult }
  | { readonly type: 'error' | 'blocked'; readonly error: ChatError }

/** The reply to one message of any viewer, over a socket or over SSE. */
export interface Reply extends AsyncIterable<string> {
  /** Names the message; sent again with the same one it stays one turn. Undefined where another viewer sent it. */
  readonly clientMsgId: string | undefined
  /** The turn's id; undefined until it is accepted. */
  readonly turnId: string | undefined
  /** The message that is answered: one's own at once, another viewer's as soon as the server says it. */
  readonly question: string | undefined
  /** The turn that this one edits or regenerates. */
  readonly replaces: string | undefined
  /** The reply so far: always right, also after a restart. */
  readonly text: string
  /**
   * Everything that happens, from the beginning, up to the end; never throws. Iterating the reply itself gives the
   * pieces of text instead (after a `reset` the whole new text) and throws the ChatError of a turn that failed.
   */
  events(): AsyncIterable<ReplyEvent>
  /** What was answered and what it cost, also of a cancelled turn (`stop_reason: 'cancelled'`); rejects with ChatError. */
  result(): Promise<ReplyResult>
  /** Asks the server to stop the turn; the reply then ends with `cancelled`, or as it ended just before. */
  cancel(): void
}
