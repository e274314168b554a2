import type { Anthropic } from '@anthropic-ai/sdk'
import { makeQuestionDigest, type LimitState, type TurnMessage } from '@omni2/contracts'
import {
  claimTurn as claimRow,
  conversationLease,
  isUniqueViolation,
  keepTurnText,
  loadTurnContext,
  reserveUsage,
  type ClaimedTurn,
  type Database,
  type TurnContext,
} from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import type { EndedTurn } from '../outcome/ended-turn.ts'
import { isRefused } from '../outcome/publish-outcome.ts'
import type { Config } from '../config.ts'
import { cutText } from '../outcome/cut-text.ts'
import type { FlowLog } from '../record/flow-log.ts'
import type { Allowance, InputSize } from '../limits/admit-call.ts'
import type { CountedPrompt } from '../limits/budget.ts'
import { countInput } from '../limits/count-input.ts'
import { namePrompt, toUsd, type PromptRequest } from '../limits/worst-case.ts'
import type { TurnOutcome } from '../outcome/make-outcome.ts'
import { settleOutcome } from '../outcome/settle-outcome.ts'
import { readIntents } from '../converse/tool-intents.ts'
import { settleMarginMs } from '../signals/turn-stop.ts'

interface ClaimDeps {
  database: Pick<Database, 'db'>
  config: Pick<Config, 'TURN_DEADLINE_MS' | 'TURN_ATTEMPTS' | 'MODEL_HISTORY_TURNS' | 'SWEEP_INTERVAL_MS'>
  client: Pick<Anthropic, 'messages'>
  worker: string
  log: Pick<Logger, 'warn'>
}

/** How long a claim that refuses waits for its checks to be stored, with the user's row locked; then it is claimed anew. */
const storeTimeoutMs = 3000

/** Sweeps that a turn past its deadline may be missed by before its reservation expires; then it counts for nothing. */
const missedSweeps = 4

/** Claims of a turn whose prompt changes between count and claim, because its conversation goes on; then bounds decide. */
const countTries = 3

/** A claimed turn and everything it is checked by. */
export interface Claimed extends ClaimedTurn {
  context: TurnContext
}

/** What the checks came to: the turn may run, or ends, or its prompt has to be counted first. */
export type Checked =
  | { state: 'admitted'; allowance: Allowance; limits: LimitState[]; log: FlowLog }
  | { state: 'ended'; outcome: TurnOutcome; log: FlowLog }
  | { state: 'uncounted'; request: PromptRequest }

/** Size of a prompt as far as it has been counted. */
export type MeasurePrompt = (request: PromptRequest) => InputSize | undefined

/** Workers that may stand still in work on one turn, before it is ended instead of stopping another. */
const mostStalls = 2

/** What a claim came to: the turn runs here, or ended with the claim, or is not for this worker to run. */
export type Claim =
  | {
      state: 'running'
      claimed: Claimed
      log: FlowLog
      allowance: Allowance
      /** As they were measured for the claim. */
      limits: LimitState[]
      counted: CountedPrompt | undefined
    }
  | { state: 'settled'; ended: EndedTurn; outcome: TurnOutcome }
  | { state: 'exhausted'; attempt: number; reason: string }
  | { state: 'busy' }
  | { state: 'ended' }

/** Undoes a claim: nobody's row is locked while the model's API counts. */
class UncountedError extends Error {
  override readonly name = 'UncountedError'
  readonly request: PromptRequest

  constructor(request: PromptRequest) {
    super('the prompt has to be counted before the claim')
    this.request = request
  }
}

/**
 * Claims a turn and checks in the same transaction whether it may run: what the checks read cannot change under them, what
 * an admitted turn may spend is reserved with its claim, and a refused or cancelled turn ends with it. Checks are stored
 * before that.
 */
export async function claimTurn(
  turn: TurnMessage,
  check: (claimed: Claimed, measure: MeasurePrompt) => Promise<Checked>,
  deps: ClaimDeps,
): Promise<Claim> {
  let counted: CountedPrompt | undefined
  for (let tries = 1; ; tries += 1) {
    const measure: MeasurePrompt = (request) => {
      if (counted && (tries > countTries || namePrompt(request) === counted.name)) return counted.size
      return undefined
    }
    try {
      const claim = await deps.database.db
        .transaction()
        .execute((db) => claimWithin(turn, (claimed) => check(claimed, measure), deps, { db }))
      return claim.state === 'running' ? { ...claim, counted } : claim
    } catch (error) {
      if (isUniqueViolation(error, conversationLease)) return { state: 'busy' }
      if (!(error instanceof UncountedError)) throw error
      counted = { name: namePrompt(error.request), size: await countInput(error.request, deps) }
    }
  }
}

type ClaimWithin =
  | Exclude<Claim, { state: 'running' }>
  | Omit<Extract<Claim, { state: 'running' }>, 'counted'>

async function claimWithin(
  turn: TurnMessage,
  check: (claimed: Claimed) => Promise<Checked>,
  { config, worker }: ClaimDeps,
  { db }: Pick<Database, 'db'>,
): Promise<ClaimWithin> {
  const deadlineMs = config.TURN_DEADLINE_MS + settleMarginMs
  // A refused turn leaves no more of its text than this, not even in the log of the database.
  const text = cutText(turn.text)
  const row = await claimRow(
    { ...turn, text },
    { worker, deadlineMs, digest: makeQuestionDigest(turn) },
    { db },
  )
  if (!row) return { state: 'ended' }
  const { attempt } = row
  // An attempt that called tools has left a better end behind.
  const reason = describeExhaustion(row, config)
  if (reason !== undefined && !readIntents(row.tool_intents)) return { state: 'exhausted', attempt, reason }
  const context = await loadTurnContext(turn, { historyTurns: config.MODEL_HISTORY_TURNS }, { db })
  const claimed = { ...row, context }
  const checked = await check(claimed)
  if (checked.state === 'uncounted') throw new UncountedError(checked.request)
  const { log } = checked
  const wasRefused = checked.state === 'ended' && isRefused(checked.outcome)
  if (!wasRefused && text !== turn.text) await keepTurnText(turn, { db })
  if (checked.state === 'admitted') {
    const { allowance, limits } = checked
    const { usd, tokens } = allowance.reserved
    const lifetimeMs = deadlineMs + missedSweeps * config.SWEEP_INTERVAL_MS
    await reserveUsage(
      { session_id: turn.session_id, attempt, amount_usd: toUsd(usd), tokens },
      { userId: turn.identity.user_id, lifetimeMs },
      { db },
    )
    return { state: 'running', claimed, log, allowance, limits }
  }
  await log.stored(storeTimeoutMs)
  const ended = await settleOutcome(turn, checked.outcome, { attempt, seq: 1 }, { db })
  return ended ? { state: 'settled', ended, outcome: checked.outcome } : { state: 'ended' }
}

/** Why a turn is not tried again; undefined where it is. */
function describeExhaustion(
  { attempt, stalls }: ClaimedTurn,
  { TURN_ATTEMPTS }: Pick<Config, 'TURN_ATTEMPTS'>,
): string | undefined {
  if (stalls >= mostStalls) return 'two workers stood still in it'
  return attempt > TURN_ATTEMPTS ? 'every attempt died' : undefined
}
