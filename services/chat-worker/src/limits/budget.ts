import type { LimitState, TurnMessage } from '@omni2/contracts'
import { loadLimitFacts, renewReservation, type Database } from '@omni2/db'
import type { Anthropic } from '@anthropic-ai/sdk'
import type { Logger } from '@omni2/service-kit'
import type { Usage } from '../model/prices.ts'
import type { Refusal } from '../steps/step.ts'
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
  toUsd,
  type Amount,
  type PromptRequest,
} from './worst-case.ts'

/** A model call that is about to be made. */
export interface PlannedCall {
  request: PromptRequest
  /** What the attempt's calls so far have used, failed ones included. */
  spent: Usage
}

/** Whether a model call may be made, and how many tokens it may answer with. */
export type Cover =
  | { state: 'covered'; maxTokens: number }
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

type Renewal = Cover | { state: 'uncounted' }

/**
 * What one attempt may spend: it begins with what its claim reserved for the first call, and is renewed when the next one
 * may cost more than is left of that. Ends with the turn's settlement, which gives back what was not spent.
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
   * Sees to it that what is reserved covers one more call in its worst case; to be asked before every call, retries
   * included. The call is to be made with `maxTokens`. Rejects as its statements do where Postgres is away; ask again then.
   */
  async cover({ request, spent }: PlannedCall): Promise<Cover> {
    const used = spentAmount(spent, this.#deps.prices)
    const left = subtractAmounts(this.#reserved, used)
    const input = this.#measure(request)
    if (fitOutput(left, input.tokens, this.#deps.prices) >= this.#maxTokens)
      return { state: 'covered', maxTokens: this.#maxTokens }
    const renewal = await this.#renew(input, used)
    if (renewal.state !== 'uncounted') return renewal
    const counted = await this.#count(request)
    const again = await this.#renew(counted, used)
    if (again.state === 'uncounted') throw new TypeError('a counted prompt is counted')
    return again
  }

  #measure(request: PromptRequest): InputSize {
    if (this.#counted && namePrompt(request) === this.#counted.name) return this.#counted.size
    return { tokens: boundInputTokens(request), isFinal: false }
  }

  async #count(request: PromptRequest): Promise<InputSize> {
    const size = await countInput(request, this.#deps)
    this.#counted = { name: namePrompt(request), size }
    return size
  }

  #renew(input: InputSize, spent: Amount): Promise<Renewal> {
    const { db } = this.#deps.database
    return db.transaction().execute((trx) => this.#renewWithin(input, spent, { db: trx }))
  }

  async #renewWithin(input: InputSize, spent: Amount, { db }: Pick<Database, 'db'>): Promise<Renewal> {
    const { session_id, identity } = this.#turn
    const attempt = this.#attempt
    const facts = await loadLimitFacts({ userId: identity.user_id, sessionId: session_id }, { db })
    if (facts.live.own?.attempt !== attempt) return { state: 'superseded' }
    const now = new Date()
    const states = measureLimits(readLimits(facts), { facts, rate: null, attempt, now }).filter(isSpending)
    const admission = admitCall(states, { input, spent }, this.#deps)
    if (admission.state === 'uncounted') return admission
    if (admission.state === 'refused')
      return { state: 'refused', refusal: describeRefusal(admission.by, now), limits: states }
    const { reserved, maxTokens } = admission.allowance
    const total = addAmounts(spent, reserved)
    await renewReservation(
      { session_id, attempt, amount_usd: toUsd(total.usd), tokens: total.tokens },
      { db },
    )
    this.#reserved = total
    this.#maxTokens = maxTokens
    return { state: 'covered', maxTokens }
  }
}

/** A turn that runs keeps its place among turns and requests; only what it spends can become too much. */
const isSpending = ({ kind }: LimitState): boolean =>
  kind === 'cost_daily' || kind === 'cost_period' || kind === 'tokens_period'
