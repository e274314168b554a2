import type { LimitState, TurnMessage } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import type { ClaimedTurn, TurnContext } from '@omni2/db'
import type { Watchdog } from '@omni2/service-kit'
import type { Config } from '../config.ts'
import { readIntents } from '../converse/tool-intents.ts'
import { admitCall, type Allowance, type InputSize } from '../limits/admit-call.ts'
import type { RequestRate } from '../limits/count-requests.ts'
import { measureLimits } from '../limits/measure-limits.ts'
import { readLimits } from '../limits/read-limits.ts'
import { boundInputTokens, type PromptRequest } from '../limits/worst-case.ts'
import type { Prompt } from '../model/build-request.ts'
import { addLimits } from '../outcome/limits-after.ts'
import {
  makeDeadOutcome,
  makeRefusedOutcome,
  makeUnansweredOutcome,
  type TurnOutcome,
} from '../outcome/make-outcome.ts'
import type { Prices } from '../prices.ts'
import { FlowLog, flowOwnerOf } from '../record/flow-log.ts'
import type { CheckName, CheckResult } from '../record/step.ts'
import { authCheck } from '../steps/auth-check.ts'
import { blockCheck } from '../steps/block-check.ts'
import { error } from '../steps/error.ts'
import { llmComplete } from '../steps/llm-complete.ts'
import { usageCheck } from '../steps/usage-check.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import { buildInitialRequest } from './build-initial-request.ts'

export interface CheckDeps {
  bus: Pick<Bus, 'publish' | 'publishDurably'>
  config: Config
  prices: Prices
  toolbox: Pick<Toolbox, 'known'>
  watchdog: Pick<Watchdog, 'note'>
}

/** A claimed turn and the data for its checks. */
export interface Claimed extends ClaimedTurn {
  context: TurnContext
}

/** The result of the checks: the turn may run, it ends, or its prompt must be counted first. */
export type Checked =
  | { state: 'admitted'; allowance: Allowance; limits: LimitState[]; log: FlowLog; opening: Prompt }
  | { state: 'ended'; outcome: TurnOutcome; log: FlowLog }
  | { state: 'uncounted'; request: PromptRequest }

/** The size of a prompt, if it has been counted. */
export type MeasurePrompt = (request: PromptRequest) => InputSize | undefined

/** The checks of a claim, in their order. A request to cancel or the first refusal ends the turn. */
export function checkTurn(
  turn: TurnMessage,
  claimed: Claimed,
  { rate, measure }: { rate: RequestRate; measure: MeasurePrompt },
  deps: CheckDeps,
): Checked {
  const { context, attempt } = claimed
  deps.watchdog.note(turn.session_id)
  // Logins and limits are checked by the clock of Postgres, not by that of the worker.
  const now = claimed.started_at
  const log = new FlowLog(flowOwnerOf(turn), attempt, deps.bus, {
    monitoredUntil: context.monitored_until,
  })
  const step = (name: CheckName, result: CheckResult): TurnOutcome | undefined => {
    const { refusal } = log.record(name, result)
    return refusal && makeRefusedOutcome(refusal, name)
  }

  const limits = measureLimits(readLimits(context), { facts: context, rate, attempt, now })
  const end = (outcome: TurnOutcome): Checked => ({
    state: 'ended',
    // The measured limits already include what an earlier attempt reserved.
    outcome: context.live.own ? addLimits(outcome, limits) : outcome,
    log,
  })
  const isCancelled = claimed.cancel_requested_at !== null
  const dead = readIntents(claimed.tool_intents)
  if (dead) {
    const outcome = makeDeadOutcome(turn, dead, isCancelled, deps)
    log.record('error', error(outcome, 'its worker died after it had called tools'))
    return end(outcome)
  }
  if (isCancelled) {
    const outcome = makeUnansweredOutcome(turn, deps)
    log.record('llm_complete', llmComplete(outcome))
    return end(outcome)
  }
  const auth = authCheck(context, turn.identity, now)
  const block = blockCheck(context)
  const { opening, request } = buildInitialRequest(turn, context, deps)
  const mayChat = !auth.refusal && !block.refusal
  const input = measure(request) ?? { tokens: boundInputTokens(request), isFinal: false }
  const admission = mayChat ? admitCall(limits, input, deps) : undefined
  // A claim that is undone to count its prompt records nothing.
  if (admission?.state === 'uncounted') return { state: 'uncounted', request }
  const outcome =
    step('auth_check', auth) ??
    step('block_check', block) ??
    (admission && step('usage_check', usageCheck(limits, admission, now)))
  if (outcome) return end(outcome)
  if (!admission || admission.state === 'refused') throw new TypeError('a turn is refused with a reason')
  return { state: 'admitted', allowance: admission.allowance, limits, log, opening }
}
