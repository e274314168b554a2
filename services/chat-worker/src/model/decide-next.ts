import type { CalledReply } from './called-reply.ts'
import { warnings } from './warnings.ts'

/** The next action after a reply of the model. */
export type Next =
  /** Makes the tool calls of the reply, then another request. */
  | { do: 'call_tools' }
  /** Another request at once: the model paused in the middle of its reply. */
  | { do: 'go_on' }
  /** Another request with a note to continue: the reply stopped for a tool call, and has none. */
  | { do: 'ask_to_go_on' }
  /** The same request again. */
  | { do: 'ask_again'; pauseMs: number }
  /** The same request with less history and shorter tool results. */
  | { do: 'shorten_prompt' }
  /** The same request without a tool that the API refuses. */
  | { do: 'set_tool_aside' }
  /** The reply is complete. */
  | { do: 'end'; warning?: string }

export interface Situation {
  /** Failed calls in a row, this one included. */
  failures: number
  /** Calls of one request at most. */
  tries: number
  /** Milliseconds until the turn's deadline. */
  leftMs: number
  /** Whether any part of the prompt can be shortened. */
  canShorten: boolean
  /** Whether the API names a tool of the request that it refuses, and that may still be set aside. */
  canSetAside: boolean
  /** Whether the request let the model use tools. */
  mayUseTools: boolean
  /** Whether the model already got a note to continue in this turn. */
  wasAskedToGoOn: boolean
  /** Whether the budget left less room for the reply than usual. */
  isCutShort: boolean
  /** From 0 to 1: spreads the retries of many turns. */
  jitter: number
}

/** Longest wait between two calls: a client is waiting. */
const longestPauseMs = 8000
const firstPauseMs = 250

/** Decides the next action by the end of a call. Every stop reason and failure is handled here. */
export function decideNext(reply: CalledReply, situation: Situation): Next {
  if (reply.failure) return decideAfterFailure(reply, reply.failure, situation)
  switch (reply.stopReason) {
    // A cut or declined reply makes no calls: a call in it may look complete without being so.
    case 'max_tokens':
      return { do: 'end', warning: situation.isCutShort ? warnings.budget : warnings.max_tokens }
    case 'model_context_window_exceeded':
    case 'refusal':
      return { do: 'end', warning: warnings[reply.stopReason] }
    case null:
    default:
      return decideAfterReply(reply, situation)
  }
}

/** A tool call counts whatever the stop reason is, and needs a result. */
function decideAfterReply(reply: CalledReply, { mayUseTools, wasAskedToGoOn }: Situation): Next {
  if (reply.toolRequests.length > 0) return mayUseTools ? { do: 'call_tools' } : { do: 'end' }
  if (reply.stopReason === 'pause_turn')
    return mayUseTools ? { do: 'go_on' } : { do: 'end', warning: warnings.rounds }
  const isCallMissing = reply.stopReason === 'tool_use' && mayUseTools
  return isCallMissing && !wasAskedToGoOn ? { do: 'ask_to_go_on' } : { do: 'end' }
}

/** A call that sent text is not repeated: its reader has the beginning, and it is billed. */
function decideAfterFailure(
  { text }: CalledReply,
  failure: NonNullable<CalledReply['failure']>,
  { failures, tries, leftMs, canShorten, canSetAside, jitter }: Situation,
): Next {
  if (text !== '') return { do: 'end' }
  if (canSetAside) return { do: 'set_tool_aside' }
  if (failure.code === 'context_too_long') return canShorten ? { do: 'shorten_prompt' } : { do: 'end' }
  const pauseMs = failure.retryAfterMs ?? firstPauseMs * 2 ** (failures - 1) * (0.75 + jitter / 2)
  const isWorthIt = failure.isRetryable && failures < tries && pauseMs <= Math.min(longestPauseMs, leftMs)
  return isWorthIt ? { do: 'ask_again', pauseMs } : { do: 'end' }
}
