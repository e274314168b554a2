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
import { sayNothing, type CalledTool, type Said } from '../transcript/said.ts'
import type { CheckName, Refusal } from '../record/step.ts'
import type { Revocation } from '../signals/turn-stop.ts'

/** How a turn ends: what its row, its client and its record are told. */
export interface TurnEnding {
  status: TurnEnd
  terminal: Omit<StoredTerminal, 'seq' | 'activities'>
  /** Undefined where the model said nothing and cost nothing. */
  result?: TurnResult
  usage?: Usage
  tools?: readonly CalledTool[]
  /** The model declined to answer. */
  isDeclined?: boolean
  /** The check that refused it. */
  refusedBy?: CheckName
}

/** When things happened to a turn, in milliseconds since the epoch. */
export interface TurnTimes {
  acceptedAt: number
  claimedAt: number
  firstTokenAt: number | undefined
  endedAt: number
}

/** The ending of a turn that a check refused. */
export function makeRefusedEnding({ end, code, text, fields }: Refusal, refusedBy: CheckName): TurnEnding {
  if (end === 'blocked')
    return { status: end, terminal: { type: 'blocked', body: { message: text, code } }, refusedBy }
  return { status: end, terminal: { type: 'error', body: { error: text, code, ...fields } }, refusedBy }
}

export interface ReplyFacts {
  /** What stopped it from outside before it was whole. */
  stopped: 'cancelled' | 'shutdown' | 'deadline' | Revocation | undefined
  times: TurnTimes
  prices: Prices
}

/** The ending of a turn that the model was asked for: with what was said and what it cost, where there is any of it. */
export function makeReplyEnding(said: Said, { stopped, times, prices }: ReplyFacts): TurnEnding {
  const { refusal, failure } = said
  const spent = { usage: said.usage, tools: said.tools, isDeclined: said.stopReason === 'refusal' }
  const result = makeResult(said, times, prices)
  const cut = { ...result, stop_reason: 'interrupted' }
  const hasBegun = said.text !== '' || said.tools.length > 0
  if (stopped === 'cancelled') return makeCancelledEnding(result, spent)
  if (stopped === 'shutdown') return makeCutEnding({ code: 'interrupted' }, cut, spent)
  if (stopped === 'deadline' && !failure)
    return makeCutEnding({ code: 'interrupted', cause: 'model_timeout' }, cut, spent)
  if (stopped && stopped !== 'deadline')
    return makeCutEnding({ code: stopped.code, error: stopped.text }, cut, spent)
  if (refusal && said.calls === 0) return makeRefusedEnding(refusal, 'usage_check')
  if (refusal)
    return makeCutEnding({ ...refusal.fields, code: refusal.code, error: refusal.text }, cut, spent)
  if (!failure) return { status: 'done', terminal: { type: 'done', body: { result } }, result, ...spent }
  if (hasBegun) return makeCutEnding({ code: 'interrupted', cause: failure.code }, cut, spent)
  return makeFailedEnding(failure, countInput(said.usage) > 0 ? { result: cut, ...spent } : {})
}

/** The model failed before it said anything; what that cost all the same is kept, but nothing is shown of it. */
function makeFailedEnding({ code, retryAfterMs }: ModelFailure, spent: Partial<Spent>): TurnEnding {
  const retry = retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }
  const body = { error: errorCodes[code].text, code, ...retry }
  return { status: 'error', terminal: { type: 'error', body }, ...spent }
}

/** The ending of a turn that was cancelled before the model was asked. */
export const makeUnsaidEnding = (
  turn: Pick<TurnMessage, 'accepted_at'>,
  deps: { config: { MODEL: string } },
): TurnEnding =>
  makeReplyEnding(sayNothing(deps.config.MODEL), {
    stopped: 'cancelled',
    times: startAndEnd(turn),
    prices: anyPrices,
  })

/** The ending of a turn whose attempt died when it had called tools that must not be called again, as far as it is known. */
export const makeDeadEnding = (
  turn: Pick<TurnMessage, 'accepted_at'>,
  said: Said,
  isCancelled: boolean,
  deps: { prices: Prices },
): TurnEnding =>
  makeReplyEnding(said, {
    stopped: isCancelled ? 'cancelled' : 'shutdown',
    times: startAndEnd(turn),
    prices: deps.prices,
  })

/** Nothing costs nothing, whatever the model costs. */
const anyPrices: Prices = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }

function startAndEnd({ accepted_at }: Pick<TurnMessage, 'accepted_at'>): TurnTimes {
  const now = Date.now()
  return { acceptedAt: Date.parse(accepted_at), claimedAt: now, firstTokenAt: undefined, endedAt: now }
}

type Spent = Required<Pick<TurnEnding, 'usage' | 'tools' | 'isDeclined'>> & Pick<TurnEnding, 'result'>

function makeCancelledEnding(said: TurnResult, spent: Spent): TurnEnding {
  const result = { ...said, stop_reason: 'cancelled' }
  return { status: 'cancelled', terminal: { type: 'cancelled', body: { result } }, result, ...spent }
}

/** Ended in the middle: told as an error, kept with what was said until then. */
function makeCutEnding(
  why: StoredTerminal['body'] & { code: ErrorCodeName },
  result: TurnResult,
  spent: Spent,
) {
  const body = { error: errorCodes[why.code].text, ...why, result }
  return { status: 'interrupted', terminal: { type: 'error', body }, result, ...spent } as const
}

/** The ending of a turn that ends for a cause of ours. */
export function makeInternalEnding(): TurnEnding {
  return {
    status: 'error',
    terminal: { type: 'error', body: { error: errorCodes.internal.text, code: 'internal' } },
  }
}

function makeResult(said: Said, times: TurnTimes, prices: Prices): TurnResult {
  return {
    answer: said.text,
    model: said.model,
    stop_reason: said.stopReason ?? (said.isWhole ? 'end_turn' : 'interrupted'),
    iterations: said.calls,
    tool_calls: said.tools.length,
    tools_used: listToolsUsed(said.tools),
    tokens_input: countInput(said.usage),
    tokens_output: said.usage.output,
    tokens_cached: said.usage.cacheRead,
    cost_usd: priceUsage(said.usage, prices),
    duration_ms: Math.max(0, times.endedAt - times.claimedAt),
    first_token_ms:
      times.firstTokenAt === undefined ? null : Math.max(0, times.firstTokenAt - times.claimedAt),
    queue_ms: Math.max(0, times.claimedAt - times.acceptedAt),
    ...(said.usage.estimated && { estimated: true }),
    ...(said.warning !== undefined && { warning: said.warning }),
  }
}

/** Tools that calls were let through to, in order of first use. */
const listToolsUsed = (tools: readonly CalledTool[]): string[] => {
  const used = tools.filter(({ answer }) => answer?.status !== 'refused')
  return [...new Set(used.map(({ mcp, tool }) => `${mcp}.${tool}`))]
}
