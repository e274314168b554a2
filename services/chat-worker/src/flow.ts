import type { StepName, TurnMessage } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import { withSpan } from '@omni2/telemetry'
import { publishOutcome, type AnnounceDeps } from './outcome/publish-outcome.ts'
import { answerEndedTurn } from './claim/answer-ended-turn.ts'
import { Attempt, type AttemptDeps } from './attempt/attempt.ts'
import { claimTurn, type Claim } from './claim/claim-turn.ts'
import { converse } from './converse/converse.ts'
import { describeCause, describeStop, isOwnedElsewhere } from './outcome/describe-stop.ts'
import { describeQuestion } from './outcome/describe-question.ts'
import { endExhaustedTurn } from './claim/end-exhausted-turn.ts'
import { handOver } from './attempt/hand-over.ts'
import { Budget } from './limits/budget.ts'
import type { RequestCounter } from './limits/count-requests.ts'
import { addLimits } from './outcome/limits-after.ts'
import { makeReplyOutcome, type TurnOutcome } from './outcome/make-outcome.ts'
import type { WorkerMetrics } from './metrics.ts'
import { hasTools, openPrompt } from './model/open-prompt.ts'
import type { Prices } from './prices.ts'
import { observeClaim } from './claim/observe-claim.ts'
import { refuseBusyTurn } from './claim/refuse-busy-turn.ts'
import { offerTools } from './converse/offer-tools.ts'
import { findOwnEnd, settleOutcome } from './outcome/settle-outcome.ts'
import { error } from './steps/error.ts'
import { llmComplete } from './steps/llm-complete.ts'
import { mcpPermissionCheck } from './steps/mcp-permission-check.ts'
import type { StepResult } from './record/step.ts'
import { toolFilter } from './steps/tool-filter.ts'
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

/**
 * The result of a delivery: the turn has ended; another worker runs it; another worker should run it; no worker can; it
 * runs and may not be taken over.
 */
export type DeliveryResult = 'ended' | 'superseded' | 'released' | 'exhausted' | 'taken'

/** How the message of a turn came. */
export interface Delivery {
  redelivered: boolean
  ackSubject: string | undefined
  /** Whether the turn may be taken from a worker that runs it. */
  mayTakeOver: boolean
}

/** Answers one turn: claims it with its checks, runs the model, settles the turn and publishes its end. */
export async function answerTurn(
  turn: TurnMessage,
  { redelivered, ...claiming }: Delivery,
  deps: FlowDeps,
): Promise<DeliveryResult> {
  // Redis counts while Postgres claims.
  const rate = deps.requests.count(turn, redelivered)
  const makeClaim = () => deps.gate.retryWhileAway(() => claimTurn(turn, rate, { ...deps, ...claiming }))
  const claim = await observeClaim(turn, makeClaim, deps)
  switch (claim.state) {
    case 'ended':
      return answerEndedTurn(turn, claiming, deps)
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

/** Runs a claimed turn to its end: permissions, the model and its tools, the settlement. */
async function runTurn(
  turn: TurnMessage,
  { claimed, log, limits, opening }: Extract<Claim, { state: 'running' }>,
  deps: FlowDeps & { budget: Budget },
): Promise<DeliveryResult> {
  using attempt = new Attempt(turn, claimed, deps)
  using _log = log
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
  const prompt = hasTools(opening, tools) ? opening : openPrompt(turn, context, tools, deps.config)
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
