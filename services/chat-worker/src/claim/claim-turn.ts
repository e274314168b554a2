import type { Anthropic } from '@anthropic-ai/sdk'
import { makeQuestionDigest, type LimitState, type TurnMessage } from '@omni2/contracts'
import {
  claimTurn as claimRow,
  conversationLease,
  isUniqueViolation,
  keepTurnText,
  loadTurnContext,
  reserveUsage,
  transact,
  type ClaimedTurn,
  type Database,
} from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import type { Prompt } from '../model/build-request.ts'
import type { EndedTurn } from '../outcome/ended-turn.ts'
import { isRefused } from '../outcome/publish-outcome.ts'
import type { Config } from '../config.ts'
import { cutText } from '../outcome/cut-text.ts'
import type { FlowLog } from '../record/flow-log.ts'
import type { Allowance } from '../limits/admit-call.ts'
import type { CountedPrompt } from '../limits/budget.ts'
import { countInput } from '../limits/count-input.ts'
import type { RequestRate } from '../limits/count-requests.ts'
import { namePrompt, toUsd } from '../limits/worst-case.ts'
import { checkTurn, type CheckDeps, type Checked, type Claimed, type MeasurePrompt } from './check-turn.ts'
import type { TurnOutcome } from '../outcome/make-outcome.ts'
import { settleOutcome } from '../outcome/settle-outcome.ts'
import { readIntents } from '../converse/tool-intents.ts'
import { settleMarginMs } from '../signals/turn-stop.ts'

export interface ClaimDeps extends CheckDeps {
  database: Pick<Database, 'db'>
  client: Pick<Anthropic, 'messages'>
  worker: string
  /** Where the message of the turn is acknowledged. */
  ackSubject?: string | undefined
  /** Whether a turn that runs may be taken from its worker. */
  mayTakeOver?: boolean
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
      /** With the tools that were known at the claim. */
      opening: Prompt
    }
  | { state: 'settled'; ended: EndedTurn; outcome: TurnOutcome }
  | { state: 'exhausted'; attempt: number; reason: string }
  | { state: 'busy' }
  | { state: 'ended' }

/**
 * Claims a turn and checks in the same transaction whether it may run. The data that the checks read cannot change
 * meanwhile. The claim reserves what an admitted turn may spend, and ends a refused or cancelled turn. The checks of
 * such a turn are stored before its end. A claim whose prompt must be counted is undone meanwhile, so that it holds no
 * row lock while the API of the model counts.
 */
export async function claimTurn(
  turn: TurnMessage,
  rate: Promise<RequestRate>,
  deps: ClaimDeps,
): Promise<Claim> {
  let counted: CountedPrompt | undefined
  for (let tries = 1; ; tries += 1) {
    const measure: MeasurePrompt = (request) =>
      counted && (tries > countTries || namePrompt(request) === counted.name) ? counted.size : undefined
    const claim = await tryClaim(turn, { rate, measure }, deps)
    if (claim.state === 'running') return { ...claim, counted }
    if (claim.state !== 'uncounted') return claim
    const { request } = claim
    counted = { name: namePrompt(request), size: await countInput(request, deps) }
  }
}

type Tried =
  | Exclude<Claim, { state: 'running' }>
  | Omit<Extract<Claim, { state: 'running' }>, 'counted'>
  | Extract<Checked, { state: 'uncounted' }>

async function tryClaim(turn: TurnMessage, known: Known, deps: ClaimDeps): Promise<Tried> {
  try {
    return await transact(
      deps.database.db,
      (db) => claimWithin(turn, known, deps, { db }),
      ({ state }) => state !== 'uncounted',
    )
  } catch (error) {
    if (isUniqueViolation(error, conversationLease)) return { state: 'busy' }
    throw error
  }
}

/** What is known of a turn beside its row. */
interface Known {
  rate: Promise<RequestRate>
  measure: MeasurePrompt
}

async function claimWithin(
  turn: TurnMessage,
  { rate, measure }: Known,
  deps: ClaimDeps,
  { db }: Pick<Database, 'db'>,
): Promise<Tried> {
  const { config, worker, ackSubject, mayTakeOver = true } = deps
  const deadlineMs = config.TURN_DEADLINE_MS + settleMarginMs
  // Only this much text of a refused turn is stored, also in the log of the database.
  const text = cutText(turn.text)
  const row = await claimRow(
    { ...turn, text },
    { worker, deadlineMs, digest: makeQuestionDigest(turn), ackSubject, mayTakeOver },
    { db },
  )
  if (!row) return { state: 'ended' }
  const { attempt } = row
  // An attempt that called tools has stored a better end.
  const reason = describeExhaustion(row, config)
  if (reason !== undefined && !readIntents(row.tool_intents)) return { state: 'exhausted', attempt, reason }
  const context = await loadTurnContext(turn, { historyTurns: config.MODEL_HISTORY_TURNS }, { db })
  const claimed = { ...row, context }
  const checked = checkTurn(turn, claimed, { rate: await rate, measure }, deps)
  if (checked.state === 'uncounted') return checked
  const { log } = checked
  const wasRefused = checked.state === 'ended' && isRefused(checked.outcome)
  if (!wasRefused && text !== turn.text) await keepTurnText(turn, { db })
  if (checked.state === 'admitted') {
    const { allowance, limits, opening } = checked
    const { usd, tokens } = allowance.reserved
    const lifetimeMs = deadlineMs + missedSweeps * config.SWEEP_INTERVAL_MS
    await reserveUsage(
      { session_id: turn.session_id, attempt, amount_usd: toUsd(usd), tokens },
      { userId: turn.identity.user_id, lifetimeMs },
      { db },
    )
    return { state: 'running', claimed, log, allowance, limits, opening }
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
