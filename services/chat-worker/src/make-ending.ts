import { errorCodes, type TurnEnd, type TurnMessage, type TurnResult } from '@omni2/contracts'
import type { StoredTerminal } from '@omni2/db'
import { sayNothing, type CalledReply } from './model/call-model.ts'
import { countInput, noUsage, priceUsage, type Prices, type Usage } from './model/prices.ts'
import type { Refusal } from './steps/step.ts'

/** How a turn ends: what its row, its client and its record are told. */
export interface TurnEnding {
  status: TurnEnd
  terminal: Omit<StoredTerminal, 'seq'>
  /** Undefined where the model said nothing and cost nothing. */
  result?: TurnResult
  usage?: Usage
}

/** When things happened to a turn, in milliseconds since the epoch. */
export interface TurnTimes {
  acceptedAt: number
  claimedAt: number
  firstTokenAt: number | undefined
  endedAt: number
}

/** The ending of a turn that a check refused. */
export function makeRefusedEnding({ end, code, text, fields }: Refusal): TurnEnding {
  if (end === 'blocked') return { status: end, terminal: { type: 'blocked', body: { message: text, code } } }
  return { status: end, terminal: { type: 'error', body: { error: text, code, ...fields } } }
}

interface ReplyFacts {
  isCancelled: boolean
  times: TurnTimes
  prices: Prices
}

/** The ending of a turn that the model was asked for; cut after it had begun it is `interrupted`, with what was said. */
export function makeReplyEnding(reply: CalledReply, { isCancelled, times, prices }: ReplyFacts): TurnEnding {
  const { failure } = reply
  const result = makeResult(reply, times, prices)
  const spent = { result, usage: reply.usage }
  if (isCancelled) return makeCancelledEnding(result, reply.usage)
  if (!failure) return { status: 'done', terminal: { type: 'done', body: { result } }, ...spent }
  if (reply.text !== '') {
    const body = { error: errorCodes.interrupted.text, code: 'interrupted', cause: failure.code, result }
    return { status: 'interrupted', terminal: { type: 'error', body }, ...spent }
  }
  const retry = failure.retryAfterMs === undefined ? {} : { retry_after_ms: failure.retryAfterMs }
  const body = { error: errorCodes[failure.code].text, code: failure.code, ...retry }
  return { status: 'error', terminal: { type: 'error', body }, ...(countInput(reply.usage) > 0 ? spent : {}) }
}

/** The ending of a turn that was cancelled before the model was asked. */
export function makeUnsaidEnding(
  { accepted_at }: Pick<TurnMessage, 'accepted_at'>,
  { config, prices }: { config: { MODEL: string }; prices: Prices },
): TurnEnding {
  const now = Date.now()
  const times = { acceptedAt: Date.parse(accepted_at), claimedAt: now, firstTokenAt: undefined, endedAt: now }
  return makeCancelledEnding(makeResult(sayNothing(config.MODEL), times, prices), noUsage)
}

function makeCancelledEnding(said: TurnResult, usage: Usage): TurnEnding {
  const result = { ...said, stop_reason: 'cancelled' }
  return { status: 'cancelled', terminal: { type: 'cancelled', body: { result } }, result, usage }
}

/** The ending of a turn that ends for a cause of ours. */
export function makeInternalEnding(): TurnEnding {
  return {
    status: 'error',
    terminal: { type: 'error', body: { error: errorCodes.internal.text, code: 'internal' } },
  }
}

function makeResult(reply: CalledReply, times: TurnTimes, prices: Prices): TurnResult {
  return {
    answer: reply.text,
    model: reply.model,
    stop_reason: reply.stopReason ?? 'interrupted',
    iterations: reply.calls,
    tool_calls: 0,
    tools_used: [],
    tokens_input: countInput(reply.usage),
    tokens_output: reply.usage.output,
    tokens_cached: reply.usage.cacheRead,
    cost_usd: priceUsage(reply.usage, prices),
    duration_ms: Math.max(0, times.endedAt - times.claimedAt),
    first_token_ms:
      times.firstTokenAt === undefined ? null : Math.max(0, times.firstTokenAt - times.claimedAt),
    queue_ms: Math.max(0, times.claimedAt - times.acceptedAt),
    ...(reply.usage.estimated ? { estimated: true } : {}),
  }
}
