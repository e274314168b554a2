import {
  errorCodes,
  type ErrorCodeName,
  type TurnEnd,
  type TurnMessage,
  type TurnResult,
} from '@omni2/contracts'
import type { StoredTerminal } from '@omni2/db'
import type { ModelFailure } from '../model/classify-failure.ts'
import { countInput, priceUsage, type Prices, type Usage } from '../prices.ts'
import { emptyTranscript, type CalledTool, type Transcript } from '../transcript/transcript.ts'
import type { CheckName, Refusal } from '../record/step.ts'
import type { Revocation } from '../signals/turn-stop.ts'

/** How a turn ends: the content of its row, of its terminal frame and of its record. */
export interface TurnOutcome {
  status: TurnEnd
  terminal: Omit<StoredTerminal, 'seq' | 'activities'>
  /** Undefined if the model sent nothing and cost nothing. */
  result?: TurnResult
  usage?: Usage
  tools?: readonly CalledTool[]
  /** The model declined to answer. */
  isDeclined?: boolean
  /** The check that refused it. */
  refusedBy?: CheckName
}

/** The times of a turn, in milliseconds of one clock. */
export interface TurnTimes {
  acceptedAt: number
  claimedAt: number
  firstTokenAt: number | undefined
  endedAt: number
}

/** The outcome of a turn that a check refused. */
export function makeRefusedOutcome({ end, code, text, fields }: Refusal, refusedBy: CheckName): TurnOutcome {
  if (end === 'blocked')
    return { status: end, terminal: { type: 'blocked', body: { message: text, code } }, refusedBy }
  return { status: end, terminal: { type: 'error', body: { error: text, code, ...fields } }, refusedBy }
}

export interface ReplyFacts {
  /** What stopped it from outside before its answer was complete. */
  stopped: 'cancelled' | 'shutdown' | 'deadline' | Revocation | undefined
  times: TurnTimes
  prices: Prices
}

/** The outcome of a turn after a call of the model, with the answer and the cost, if there are any. */
export function makeReplyOutcome(
  transcript: Transcript,
  { stopped, times, prices }: ReplyFacts,
): TurnOutcome {
  const { refusal, failure } = transcript
  const spent = {
    usage: transcript.usage,
    tools: transcript.tools,
    isDeclined: transcript.stopReason === 'refusal',
  }
  const result = makeResult(transcript, times, prices)
  const cut = { ...result, stop_reason: 'interrupted' }
  const hasBegun = transcript.text !== '' || transcript.tools.length > 0
  if (stopped === 'cancelled') return makeCancelledEnding(result, spent)
  if (stopped === 'shutdown') return makeCutEnding({ code: 'interrupted' }, cut, spent)
  if (stopped === 'deadline' && !failure)
    return makeCutEnding({ code: 'interrupted', cause: 'model_timeout' }, cut, spent)
  if (stopped && stopped !== 'deadline')
    return makeCutEnding({ code: stopped.code, error: stopped.text }, cut, spent)
  if (refusal && transcript.calls === 0) return makeRefusedOutcome(refusal, 'usage_check')
  if (refusal)
    return makeCutEnding({ ...refusal.fields, code: refusal.code, error: refusal.text }, cut, spent)
  if (!failure) return { status: 'done', terminal: { type: 'done', body: { result } }, result, ...spent }
  if (hasBegun) return makeCutEnding({ code: 'interrupted', cause: failure.code }, cut, spent)
  return makeFailedOutcome(failure, countInput(transcript.usage) > 0 ? { result: cut, ...spent } : {})
}

/** The model failed before it sent any text. The cost is kept, but the client sees none of it. */
function makeFailedOutcome({ code, retryAfterMs }: ModelFailure, spent: Partial<Spent>): TurnOutcome {
  const retry = retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }
  const body = { error: errorCodes[code].text, code, ...retry }
  return { status: 'error', terminal: { type: 'error', body }, ...spent }
}

/** The outcome of a turn that was cancelled before the model was asked. */
export const makeUnansweredOutcome = (
  turn: Pick<TurnMessage, 'accepted_at'>,
  deps: { config: { MODEL: string } },
): TurnOutcome =>
  makeReplyOutcome(emptyTranscript(deps.config.MODEL), {
    stopped: 'cancelled',
    times: startAndEnd(turn),
    prices: anyPrices,
  })

/**
 * The outcome of a turn whose attempt died after it called tools that must not be called again, as far as it is known.
 */
export const makeDeadOutcome = (
  turn: Pick<TurnMessage, 'accepted_at'>,
  transcript: Transcript,
  isCancelled: boolean,
  deps: { prices: Prices },
): TurnOutcome =>
  makeReplyOutcome(transcript, {
    stopped: isCancelled ? 'cancelled' : 'shutdown',
    times: startAndEnd(turn),
    prices: deps.prices,
  })

/** No usage costs nothing, whatever the price of the model is. */
const anyPrices: Prices = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }

function startAndEnd({ accepted_at }: Pick<TurnMessage, 'accepted_at'>): TurnTimes {
  const now = Date.now()
  return { acceptedAt: Date.parse(accepted_at), claimedAt: now, firstTokenAt: undefined, endedAt: now }
}

const millisecondsBetween = (from: number, to: number): number => Math.max(0, Math.round(to - from))

type Spent = Required<Pick<TurnOutcome, 'usage' | 'tools' | 'isDeclined'>> & Pick<TurnOutcome, 'result'>

function makeCancelledEnding(transcript: TurnResult, spent: Spent): TurnOutcome {
  const result = { ...transcript, stop_reason: 'cancelled' }
  return { status: 'cancelled', terminal: { type: 'cancelled', body: { result } }, result, ...spent }
}

/** Ended in the middle: the client gets an error and keeps the text so far. */
function makeCutEnding(
  why: StoredTerminal['body'] & { code: ErrorCodeName },
  result: TurnResult,
  spent: Spent,
) {
  const body = { error: errorCodes[why.code].text, ...why, result }
  return { status: 'interrupted', terminal: { type: 'error', body }, result, ...spent } as const
}

/** The outcome of a turn that ends because of a fault of the service. */
export function makeInternalOutcome(): TurnOutcome {
  return {
    status: 'error',
    terminal: { type: 'error', body: { error: errorCodes.internal.text, code: 'internal' } },
  }
}

function makeResult(transcript: Transcript, times: TurnTimes, prices: Prices): TurnResult {
  return {
    answer: transcript.text,
    model: transcript.model,
    stop_reason: transcript.stopReason ?? (transcript.isWhole ? 'end_turn' : 'interrupted'),
    iterations: transcript.calls,
    tool_calls: transcript.tools.length,
    tools_used: listToolsUsed(transcript.tools),
    tokens_input: countInput(transcript.usage),
    tokens_output: transcript.usage.output,
    tokens_cached: transcript.usage.cacheRead,
    cost_usd: priceUsage(transcript.usage, prices),
    duration_ms: millisecondsBetween(times.claimedAt, times.endedAt),
    first_token_ms:
      times.firstTokenAt === undefined ? null : millisecondsBetween(times.claimedAt, times.firstTokenAt),
    queue_ms: millisecondsBetween(times.acceptedAt, times.claimedAt),
    ...(transcript.usage.estimated && { estimated: true }),
    ...(transcript.warning !== undefined && { warning: transcript.warning }),
  }
}

/** Tools with permitted calls, in order of first use. */
const listToolsUsed = (tools: readonly CalledTool[]): string[] => {
  const used = tools.filter(({ answer }) => answer?.status !== 'refused')
  return [...new Set(used.map(({ mcp, tool }) => `${mcp}.${tool}`))]
}
