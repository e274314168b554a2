import type { StepName, TurnMessage } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import { withSpan } from '@omni2/telemetry'
import { publishOutcome, type AnnounceDeps } from './outcome/publish-outcome.ts'
import { answerEndedTurn } from './claim/answer-ended-turn.ts'
import { Attempt, type AttemptDeps } from './attempt/attempt.ts'
import { claimTurn, type Checked, type Claim, type Claimed, type MeasurePrompt } from './claim/claim-turn.ts'
import { converse } from './converse/converse.ts'
import { describeCause, describeStop, isOwnedElsewhere } from './outcome/describe-stop.ts'
import { describeQuestion } from './outcome/describe-question.ts'
import { endExhaustedTurn } from './claim/end-exhausted-turn.ts'
import { FlowLog } from './record/flow-log.ts'
import { buildInitialRequest } from './claim/build-initial-request.ts'
import { handOver } from './attempt/hand-over.ts'
import { admitTurn } from './claim/admit-turn.ts'
import { Budget } from './limits/budget.ts'
import type { RequestCounter, RequestRate } from './limits/count-requests.ts'
import { addLimits } from './outcome/limits-after.ts'
import { measureLimits } from './limits/measure-limits.ts'
import { readLimits } from './limits/read-limits.ts'
import {
  makeDeadOutcome,
  makeRefusedOutcome,
  makeReplyOutcome,
  makeUnansweredOutcome,
  type TurnOutcome,
} from './outcome/make-outcome.ts'
import type { WorkerMetrics } from './metrics.ts'
import { openPrompt } from './model/open-prompt.ts'
import type { Prices } from './prices.ts'
import { observeClaim } from './claim/observe-claim.ts'
import { refuseBusyTurn } from './claim/refuse-busy-turn.ts'
import { offerTools } from './converse/offer-tools.ts'
import { findOwnEnd, settleOutcome } from './outcome/settle-outcome.ts'
import { authCheck } from './steps/auth-check.ts'
import { blockCheck } from './steps/block-check.ts'
import { error } from './steps/error.ts'
import { llmComplete } from './steps/llm-complete.ts'
import { mcpPermissionCheck } from './steps/mcp-permission-check.ts'
import type { CheckName, CheckResult, StepResult } from './record/step.ts'
import { toolFilter } from './steps/tool-filter.ts'
import { usageCheck } from './steps/usage-check.ts'
import { readIntents } from './converse/tool-intents.ts'
import type { Toolbox } from './tools/toolbox.ts'
import { stopCauseOf } from './signals/turn-stop.ts'

export interface FlowDeps extends AttemptDeps {
  recentOutcomes: AnnounceDeps['recentOutcomes']
  prices: Prices
  toolbox: Toolbox
  requests: Pick<RequestCounter, 'count'>
  metrics: WorkerMetrics
  log: Pick<Logger, 'error' | 'warn'>
}

/** The dependencies of a claim and its checks. */
export interface CheckDeps {
  database: Pick<FlowDeps['database'], 'db'>
  bus: Pick<FlowDeps['bus'], 'publish' | 'publishDurably'>
  client: Pick<FlowDeps['client'], 'messages'>
  config: FlowDeps['config']
  prices: Prices
  toolbox: Pick<Toolbox, 'known'>
  watchdog: FlowDeps['watchdog']
  worker: string
  ackSubject?: string | undefined
  log: Pick<Logger, 'warn'>
}

/**
 * The result of a delivery: the turn has ended; another worker runs it; another worker should run it; no worker can.
 */
export type DeliveryResult = 'ended' | 'superseded' | 'released' | 'exhausted'

/** Answers one turn: claims it with its checks, runs the model, settles the turn and publishes its end. */
export async function answerTurn(
  turn: TurnMessage,
  { redelivered, ackSubject }: { redelivered: boolean; ackSubject: string | undefined },
  deps: FlowDeps,
): Promise<DeliveryResult> {
  // Redis counts while Postgres claims.
  const rate = deps.requests.count(turn, redelivered)
  const claiming = () => deps.gate.retryWhileAway(() => claimChecked(turn, rate, { ...deps, ackSubject }))
  const claim = await observeClaim(turn, claiming, deps)
  switch (claim.state) {
    case 'ended':
      return answerEndedTurn(turn, deps)
    case 'busy':
      return refuseBusyTurn(turn, deps)
    case 'exhausted':
      return endExhaustedTurn(turn, claim, deps)
    case 'settled':
      await publishOutcome(claim.ended, claim.outcome, deps)
      return 'ended'
    case 'running':
      return runTurn(turn, claim, {
        ...deps,
        budget: new Budget(turn, claim.claimed.attempt, claim, deps),
      })
  }
}

/** Claims a turn with its checks, in one transaction. */
export const claimChecked = (
  turn: TurnMessage,
  rate: Promise<RequestRate>,
  deps: CheckDeps,
): Promise<Claim> =>
  claimTurn(
    turn,
    async (claimed, measure) => checkTurn(turn, claimed, { rate: await rate, measure }, deps),
    deps,
  )

/** The checks of a claim. A request to cancel or the first refusal ends the turn. */
function checkTurn(
  turn: TurnMessage,
  claimed: Claimed,
  { rate, measure }: { rate: RequestRate; measure: MeasurePrompt },
  deps: CheckDeps,
): Checked {
  const { context, attempt } = claimed
  deps.watchdog.note(turn.session_id)
  // Logins and limits are checked by the clock of Postgres, not by that of the worker.
  const now = claimed.started_at
  const log = new FlowLog(turn, attempt, deps.bus, context.monitored_until)
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
  if (isCancelled) return end(makeUnansweredOutcome(turn, deps))
  const auth = authCheck(context, turn.identity, now)
  const block = blockCheck(context)
  const request = buildInitialRequest(turn, context, deps)
  const mayChat = !auth.refusal && !block.refusal
  const admission = mayChat ? admitTurn(request, { limits, measure }, deps) : undefined
  // A claim that is undone to count its prompt records nothing.
  if (admission?.state === 'uncounted') return { state: 'uncounted', request }
  const outcome =
    step('auth_check', auth) ??
    step('block_check', block) ??
    (admission && step('usage_check', usageCheck(limits, admission, now)))
  if (outcome) return end(outcome)
  if (!admission || admission.state === 'refused') throw new TypeError('a turn is refused with a reason')
  return { state: 'admitted', allowance: admission.allowance, limits, log }
}

/** Runs a claimed turn to its end: permissions, the model and its tools, the settlement. */
async function runTurn(
  turn: TurnMessage,
  { claimed, log, limits }: Extract<Claim, { state: 'running' }>,
  deps: FlowDeps & { budget: Budget },
): Promise<DeliveryResult> {
  using attempt = new Attempt(turn, claimed, deps)
  const { reply, signal } = attempt
  const { context } = claimed
  const step = <R extends StepResult>(name: StepName, result: R): R => log.record(name, result)

  if (attempt.number > 1) reply.send('restart')
  reply.send('started', describeQuestion(turn.text, turn.replaces))
  const { servers } = step('mcp_permission_check', mcpPermissionCheck(context))
  const offered = await offerTools(servers, signal, deps)
  const { tools, alarms } = step('tool_filter', toolFilter(context, servers, offered))
  if (alarms.length > 0)
    deps.log.error({ role: context.role_name, servers: alarms }, 'tool restrictions unreadable')
  const prompt = openPrompt(turn, context, tools, deps.config)
  const knownTools = deps.toolbox.known(context.mcp_servers)
  const transcript = await converse(prompt, { ...deps, turn, attempt, log, knownTools })
  if (isOwnedElsewhere(transcript, signal)) {
    if (stopCauseOf(signal) !== 'shutdown') return 'superseded'
    await handOver(transcript, deps)
    return 'released'
  }

  const facts = { stopped: describeStop(transcript, signal), times: attempt.times(), prices: deps.prices }
  const outcome = addLimits(makeReplyOutcome(transcript, facts), limits)
  if (outcome.terminal.type === 'error') step('error', error(outcome, describeCause(transcript, signal)))
  else step('llm_complete', llmComplete(outcome))
  await log.stored()
  if (transcript.warning !== undefined && outcome.status === 'done')
    reply.send('warning', { message: transcript.warning })
  reply.flush()
  if (!(await attempt.ownership.confirm())) return 'superseded'

  const settling = { attempt: attempt.number, seq: reply.seq + 1 }
  return withSpan({ name: 'settle' }, () => settleTurn(turn, outcome, settling, deps))
}

/** Ends the row of a turn, if this attempt still owns it, and publishes the end. */
async function settleTurn(
  turn: TurnMessage,
  outcome: TurnOutcome,
  settling: { attempt: number; seq: number },
  deps: FlowDeps,
): Promise<'ended' | 'superseded'> {
  const { gate, database } = deps
  const settled = await gate.retryWhileAway(() => settleOutcome(turn, outcome, settling, database))
  // Our commit may have succeeded although the connection was lost before its answer.
  const ended = settled ?? (await gate.retryWhileAway(() => findOwnEnd(turn, settling.attempt, database)))
  if (!ended) return 'superseded'
  await publishOutcome(ended, outcome, deps)
  return 'ended'
}
