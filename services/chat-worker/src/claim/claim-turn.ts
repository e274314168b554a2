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
  /** Where the message of the turn is acknowledged. */
  ackSubject?: string | undefined
  log: Pick<Logger, 'warn'>
}

/**
 * How long a refusing claim waits until its checks are stored. It holds a lock on the row of the user. Then the claim
 * is made again.
 */
const storeTimeoutMs = 3000

/** Number of sweeps that may miss a turn past its deadline before its reservation expires. */
const missedSweeps = 4

/**
 * Number of claims of a turn whose prompt changes between count and claim, because its conversation goes on. After them
 * the bound decides.
 */
const countTries = 3

/** A claimed turn and the data for its checks. */
export interface Claimed extends ClaimedTurn {
  context: TurnContext
}

/** The result of the checks: the turn may run, it ends, or its prompt must be counted first. */
export type Checked =
  | { state: 'admitted'; allowance: Allowance; limits: LimitState[]; log: FlowLog }
  | { state: 'ended'; outcome: TurnOutcome; log: FlowLog }
  | { state: 'uncounted'; request: PromptRequest }

/** The size of a prompt, if it has been counted. */
export type MeasurePrompt = (request: PromptRequest) => InputSize | undefined

/** Number of workers that one turn may stall. Then the turn is ended, so that it stalls no other worker. */
const mostStalls = 2

/** The result of a claim: the turn runs here, it ended with the claim, or this worker must not run it. */
export type Claim =
  | {
      state: 'running'
      claimed: Claimed
      log: FlowLog
      allowance: Allowance
      /** As measured for the claim. */
      limits: LimitState[]
      counted: CountedPrompt | undefined
    }
  | { state: 'settled'; ended: EndedTurn; outcome: TurnOutcome }
  | { state: 'exhausted'; attempt: number; reason: string }
  | { state: 'busy' }
  | { state: 'ended' }

/** Undoes a claim, so that it holds no row lock while the API of the model counts. */
class UncountedError extends Error {
  override readonly name = 'UncountedError'
  readonly request: PromptRequest

  constructor(request: PromptRequest) {
    super('the prompt has to be counted before the claim')
    this.request = request
  }
}

/**
 * Claims a turn and checks in the same transaction whether it may run. The data that the checks read cannot change
 * meanwhile. The claim reserves what an admitted turn may spend, and ends a refused or cancelled turn. The checks of
 * such a turn are stored before its end.
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
  { config, worker, ackSubject }: ClaimDeps,
  { db }: Pick<Database, 'db'>,
): Promise<ClaimWithin> {
  const deadlineMs = config.TURN_DEADLINE_MS + settleMarginMs
  // Only this much text of a refused turn is stored, also in the log of the database.
  const text = cutText(turn.text)
  const row = await claimRow(
    { ...turn, text },
    { worker, deadlineMs, digest: makeQuestionDigest(turn), ackSubject },
    { db },
  )
  if (!row) return { state: 'ended' }
  const { attempt } = row
  // An attempt that called tools has stored a better end.
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

/** Why a turn is not tried again; undefined if it is. */
function describeExhaustion(
  { attempt, stalls }: ClaimedTurn,
  { TURN_ATTEMPTS }: Pick<Config, 'TURN_ATTEMPTS'>,
): string | undefined {
  if (stalls >= mostStalls) return 'two workers stood still in it'
  return attempt > TURN_ATTEMPTS ? 'every attempt died' : undefined
}
