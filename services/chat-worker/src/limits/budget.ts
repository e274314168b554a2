import type { LimitState, TurnMessage } from '@omni2/contracts'
import { loadLimitFacts, renewReservation, type Database, type LimitFacts } from '@omni2/db'
import type { Anthropic } from '@anthropic-ai/sdk'
import type { Logger } from '@omni2/service-kit'
import type { Usage } from '../prices.ts'
import type { Refusal } from '../record/step.ts'
import { admitCall, type AdmitDeps, type Allowance, type InputSize } from './admit-call.ts'
import { countInput } from './count-input.ts'
import { describeRefusal } from './describe-refusal.ts'
import { measureLimits } from './measure-limits.ts'
import { readLimits } from './read-limits.ts'
import {
  addAmounts,
  boundInputTokens,
  fitOutput,
  namePrompt,
  spentAmount,
  subtractAmounts,
  toUnits,
  toUsd,
  type Amount,
  type PromptRequest,
} from './worst-case.ts'

/** A model call that is about to be made. */
export interface PlannedCall {
  request: PromptRequest
  /** The usage of all calls of the attempt so far, failed ones included. */
  spent: Usage
  /** Stops the attempt. */
  signal: AbortSignal
}

/** Whether a model call may be made, the most tokens it may read, and the most it may answer with. */
export type Cover =
  | { state: 'covered'; inputTokens: number; maxTokens: number }
  | { state: 'refused'; refusal: Refusal; limits: LimitState[] }
  | { state: 'superseded' }

/** A prompt whose size the model's API has counted. */
export interface CountedPrompt {
  name: string
  size: InputSize
}

export interface BudgetDeps extends AdmitDeps {
  database: Pick<Database, 'db'>
  client: Pick<Anthropic, 'messages'>
  log: Pick<Logger, 'warn'>
}

/** The result of a renewal, in a transaction that is not yet committed. */
type Renewal =
  | { state: 'renewed'; maxTokens: number; total: Amount }
  | Exclude<Cover, { state: 'covered' }>
  | { state: 'uncounted' }

/**
 * What one attempt may spend. It begins with the reservation of its claim for the first call, and is renewed when the
 * next call may cost more than the rest. It ends with the settlement of the turn, which gives the unspent rest back.
 */
export class Budget {
  readonly #turn: TurnMessage
  readonly #attempt: number
  readonly #deps: BudgetDeps
  #reserved: Amount
  #maxTokens: number
  #counted: CountedPrompt | undefined

  constructor(
    turn: TurnMessage,
    attempt: number,
    { allowance, counted }: { allowance: Allowance; counted: CountedPrompt | undefined },
    deps: BudgetDeps,
  ) {
    this.#turn = turn
    this.#attempt = attempt
    this.#deps = deps
    this.#reserved = allowance.reserved
    this.#maxTokens = allowance.maxTokens
    this.#counted = counted
  }

  /**
   * Makes sure that the reservation covers one more call in its worst case. Call it before every call, retries
   * included, and make the call with `maxTokens`. Rejects as its statements do if Postgres is away; call it again then.
   */
  async ensureReserved({ request, spent, signal }: PlannedCall): Promise<Cover> {
    const used = spentAmount(spent, this.#deps.prices)
    const left = subtractAmounts(this.#reserved, used)
    const input = this.#measure(request)
    if (fitOutput(left, input.tokens, this.#deps.prices) >= this.#maxTokens)
      return { state: 'covered', inputTokens: input.tokens, maxTokens: this.#maxTokens }
    const renewal = await this.#renew(input, used)
    if (renewal.state !== 'uncounted') return renewal
    const counted = await this.#count(request, signal)
    const again = await this.#renew(counted, used)
    if (again.state === 'uncounted') throw new TypeError('a counted prompt is counted')
    return again
  }

  /**
   * Keeps the spent amount reserved and gives back the rest, for an attempt that another one follows. Rejects as its
   * statement does.
   */
  async giveBack(spent: Usage): Promise<void> {
    const { usd, tokens } = spentAmount(spent, this.#deps.prices)
    const kept = { usd: Math.min(usd, this.#reserved.usd), tokens: Math.min(tokens, this.#reserved.tokens) }
    await this.#reserve(kept, this.#deps.database)
  }

  #measure(request: PromptRequest): InputSize {
    if (this.#counted && namePrompt(request) === this.#counted.name) return this.#counted.size
    return { tokens: boundInputTokens(request), isFinal: false }
  }

  async #count(request: PromptRequest, signal: AbortSignal): Promise<InputSize> {
    const size = await countInput(request, { ...this.#deps, signal })
    this.#counted = { name: namePrompt(request), size }
    return size
  }

  async #renew(input: InputSize, spent: Amount): Promise<Cover | { state: 'uncounted' }> {
    const { db } = this.#deps.database
    const renewal = await db.transaction().execute((trx) => this.#renewWithin(input, spent, { db: trx }))
    if (renewal.state !== 'renewed') return renewal
    // Only a committed reservation covers a call: after a lost commit the caller asks again.
    this.#reserved = renewal.total
    this.#maxTokens = renewal.maxTokens
    return { state: 'covered', inputTokens: input.tokens, maxTokens: renewal.maxTokens }
  }

  async #renewWithin(input: InputSize, spent: Amount, { db }: Pick<Database, 'db'>): Promise<Renewal> {
    const { session_id, identity } = this.#turn
    const attempt = this.#attempt
    const facts = await loadLimitFacts({ userId: identity.user_id, turnId: session_id }, { db })
    if (facts.live.own?.attempt !== attempt) return { state: 'superseded' }
    const now = new Date()
    const measured = { facts: addSpent(facts, spent), rate: null, attempt, now }
    const states = measureLimits(readLimits(facts), measured).filter(isSpending)
    const admission = admitCall(states, input, this.#deps)
    if (admission.state === 'uncounted') return admission
    if (admission.state === 'refused')
      return { state: 'refused', refusal: describeRefusal(admission.by, now), limits: states }
    const { reserved, maxTokens } = admission.allowance
    const total = addAmounts(spent, reserved)
    return (await this.#reserve(total, { db }))
      ? { state: 'renewed', maxTokens, total }
      : { state: 'superseded' }
  }

  #reserve({ usd, tokens }: Amount, { db }: Pick<Database, 'db'>): Promise<boolean> {
    const { session_id } = this.#turn
    return renewReservation({ session_id, attempt: this.#attempt, amount_usd: toUsd(usd), tokens }, { db })
  }
}

/** The spent amount counts against limits although it is not billed yet. */
const addSpent = ({ usage, live }: LimitFacts, spent: Amount): Pick<LimitFacts, 'usage' | 'live'> => ({
  usage,
  live: {
    ...live,
    cost_usd: toUsd(toUnits(live.cost_usd) + spent.usd),
    tokens: live.tokens + spent.tokens,
  },
})

/** A running turn keeps its place among turns and requests. Only its cost can exceed a limit. */
const isSpending = ({ kind }: LimitState): boolean =>
  kind === 'cost_daily' || kind === 'cost_period' || kind === 'tokens_period'
