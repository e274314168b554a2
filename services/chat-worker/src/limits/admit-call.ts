import type { LimitState } from '@omni2/contracts'
import type { Config } from '../config.ts'
import type { Prices } from '../prices.ts'
import { roomUnder, roomUnderAll } from './measure-limits.ts'
import { fitOutput, worstCase, type Amount } from './worst-case.ts'

/** The size of a prompt. */
export interface InputSize {
  tokens: number
  /**
   * True: the API of the model counted it, or it is bounded because the API did not answer. False: it is bounded, and
   * may be counted.
   */
  isFinal: boolean
}

/** What a model call may use: the longest reply, and the reserved amount. */
export interface Allowance {
  maxTokens: number
  reserved: Amount
  input: InputSize
}

/** Whether limits leave room for a model call. `uncounted`: the decision needs the exact size. */
export type Admission =
  | { state: 'admitted'; allowance: Allowance }
  | { state: 'refused'; by: LimitState }
  | { state: 'uncounted' }

export interface AdmitDeps {
  config: Pick<Config, 'MODEL_MAX_TOKENS' | 'MODEL_MIN_OUTPUT_TOKENS'>
  prices: Prices
}

/**
 * Number of worst-case calls for which a limit must leave room before the bound of a prompt is good enough. The bound
 * is several times the prompt. The settlement gives the excess back, but next to a limit the bound would refuse calls
 * that fit.
 */
const ampleCalls = 16

/** Smallest useful part of the longest reply, for configurations whose longest reply is short. */
const worthwhilePart = 0.75

/**
 * Decides whether one more call fits in the limits. The reply is as long as fits. The call is refused if that would be
 * too short.
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

/** A limit that counts units must leave room for one; a limit of money or tokens may leave any rest. */
function isExhausted({ kind, limit, used }: LimitState): boolean {
  if (limit === null) return false
  const isCount = kind !== 'cost_daily' && kind !== 'cost_period' && kind !== 'tokens_period'
  return isCount ? used + 1 > limit : used >= limit
}

const isAmple = (room: Amount, worst: Amount): boolean =>
  room.usd >= ampleCalls * worst.usd && room.tokens >= ampleCalls * worst.tokens

const shortestReply = ({ MODEL_MAX_TOKENS, MODEL_MIN_OUTPUT_TOKENS }: AdmitDeps['config']): number =>
  Math.min(MODEL_MIN_OUTPUT_TOKENS, Math.ceil(MODEL_MAX_TOKENS * worthwhilePart))
