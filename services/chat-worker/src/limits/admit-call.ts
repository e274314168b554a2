import type { LimitState } from '@omni2/contracts'
import type { Config } from '../config.ts'
import type { Prices } from '../prices.ts'
import { roomUnder, roomUnderAll } from './measure-limits.ts'
import { fitOutput, worstCase, type Amount } from './worst-case.ts'

/** What a prompt comes to. */
export interface InputSize {
  tokens: number
  /** Counted by the model's API, or bounded because that did not answer; false: bounded, and may be counted. */
  isFinal: boolean
}

/** What a model call was granted: at most so long a reply, and what is reserved for it. */
export interface Allowance {
  maxTokens: number
  reserved: Amount
  input: InputSize
}

/** Whether limits leave room for a model call; `uncounted`: only its exact size can tell. */
export type Admission =
  | { state: 'admitted'; allowance: Allowance }
  | { state: 'refused'; by: LimitState }
  | { state: 'uncounted' }

export interface AdmitDeps {
  config: Pick<Config, 'MODEL_MAX_TOKENS' | 'MODEL_MIN_OUTPUT_TOKENS'>
  prices: Prices
}

/**
 * How many calls in their worst case a limit has to leave room for, so that the bound of a prompt is good enough. The
 * bound is several times the prompt; what it reserves too much comes back with the settlement, but next to a limit it
 * would turn away calls that fit.
 */
const ampleCalls = 16

/** Part of the longest reply that is worth giving where that one is short: what is left of a budget may end in between. */
const worthwhilePart = 0.75

/**
 * Decides whether one more call may be made of what limits leave: with as long a reply as fits, refused where that would
 * not be worth reading.
 */
export function admitCall(
  states: readonly LimitState[],
  input: InputSize,
  { config, prices }: AdmitDeps,
): Admission {
  const exhausted = states.find(isExhausted)
  if (exhausted) return { state: 'refused', by: exhausted }
  const room = roomUnderAll(states)
  const longest = config.MODEL_MAX_TOKENS
  const fits = (left: Amount, tokens: number) => Math.min(longest, fitOutput(left, tokens, prices))
  const isKnown = input.isFinal || isAmple(room, worstCase(input.tokens, longest, prices))
  const maxTokens = fits(room, isKnown ? input.tokens : 0)
  if (maxTokens < shortestReply(config)) {
    const byRoom = states.map((state) => fits(roomUnder(state), input.tokens))
    return { state: 'refused', by: findLeast(states, byRoom) }
  }
  if (!isKnown) return { state: 'uncounted' }
  return {
    state: 'admitted',
    allowance: { maxTokens, reserved: worstCase(input.tokens, maxTokens, prices), input },
  }
}

function findLeast(states: readonly LimitState[], rooms: readonly number[]): LimitState {
  const least = states[rooms.indexOf(Math.min(...rooms))]
  if (!least) throw new TypeError('nothing is refused without a limit')
  return least
}

/** What is counted one by one has to leave room for one; of money and tokens anything may be enough. */
function isExhausted({ kind, limit, used }: LimitState): boolean {
  if (limit === null) return false
  const isCount = kind !== 'cost_daily' && kind !== 'cost_period' && kind !== 'tokens_period'
  return isCount ? used + 1 > limit : used >= limit
}

const isAmple = (room: Amount, worst: Amount): boolean =>
  room.usd >= ampleCalls * worst.usd && room.tokens >= ampleCalls * worst.tokens

const shortestReply = ({ MODEL_MAX_TOKENS, MODEL_MIN_OUTPUT_TOKENS }: AdmitDeps['config']): number =>
  Math.min(MODEL_MIN_OUTPUT_TOKENS, Math.ceil(MODEL_MAX_TOKENS * worthwhilePart))
