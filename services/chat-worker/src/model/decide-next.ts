import type { CalledReply } from './called-reply.ts'
import { warnings } from './warnings.ts'

/** What follows a reply of the model. */
export type Next =
  /** The tools it asks for, then another request. */
  | { do: 'call_tools' }
  /** Another request at once: the model paused in the middle of its reply. */
  | { do: 'go_on' }
  /** Another request, with a word that it may go on: it meant to call a tool, and called none. */
  | { do: 'ask_to_go_on' }
  /** The same request again. */
  | { do: 'ask_again'; pauseMs: number }
  /** The same request with less of the conversation and of the tools' results. */
  | { do: 'shorten_prompt' }
  /** The same request without a tool that the API refuses. */
  | { do: 'set_tool_aside' }
  /** The reply is what there is to say. */
  | { do: 'end'; warning?: string }

export interface Situation {
  /** Failed calls in a row, this one included. */
  failures: number
  /** Calls of one request at most. */
  tries: number
  /** Milliseconds until the turn's deadline. */
  leftMs: number
  /** Whether the prompt has anything left that can be shortened. */
  canShorten: boolean
  /** Whether the API names a tool of the request that it refuses, and that can still be set aside. */
  canSetAside: boolean
  /** Whether the request let the model use tools. */
  mayUseTools: boolean
  /** Whether the model was asked to go on in this turn. */
  wasAskedToGoOn: boolean
  /** Whether the budget left less room for the reply than usual. */
  isCutShort: boolean
  /** From 0 to 1: spreads the calls that many turns make again. */
  jitter: number
}

/** Longest wait between two calls: a client is waiting. */
const longestPauseMs = 8000
const firstPauseMs = 250

/** Decides by how a call ended what comes next; every stop reason and failure has its outcome here. */
export function decideNext(reply: CalledReply, situation: Situation): Next {
  if (reply.failure) return decideAfterFailure(reply, reply.failure, situation)
  switch (reply.stopReason) {
    // What was cut or declined calls nothing: a call in it may look whole and not be.
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

/** A call is one whatever the reason says, and has to be answered. */
function decideAfterReply(reply: CalledReply, { mayUseTools, wasAskedToGoOn }: Situation): Next {
  if (reply.toolRequests.length > 0) return mayUseTools ? { do: 'call_tools' } : { do: 'end' }
  if (reply.stopReason === 'pause_turn')
    return mayUseTools ? { do: 'go_on' } : { do: 'end', warning: warnings.rounds }
  const isCallMissing = reply.stopReason === 'tool_use' && mayUseTools
  return isCallMissing && !wasAskedToGoOn ? { do: 'ask_to_go_on' } : { do: 'end' }
}

/** A call that said something is not made again: its reader has the beginning, and it is billed. */
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
