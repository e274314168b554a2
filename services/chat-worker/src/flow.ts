import type { StepName, TurnMessage } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import { announceEnd, type AnnounceDeps } from './announce-end.ts'
import { answerEndedTurn } from './answer-ended-turn.ts'
import { Attempt, type AttemptDeps } from './attempt.ts'
import { claimTurn, type Checked, type Claimed } from './claim-turn.ts'
import { endExhaustedTurn } from './end-exhausted-turn.ts'
import { FlowLog } from './flow-log.ts'
import type { RequestCounter, RequestRate } from './limits/count-requests.ts'
import { measureLimits } from './limits/measure-limits.ts'
import { readLimits } from './limits/read-limits.ts'
import { makeRefusedEnding, makeReplyEnding, makeUnsaidEnding } from './make-ending.ts'
import { callModel } from './model/call-model.ts'
import type { Prices } from './model/prices.ts'
import { refuseBusyTurn } from './refuse-busy-turn.ts'
import { findOwnEnd, settleEnding } from './settle-ending.ts'
import { authCheck } from './steps/auth-check.ts'
import { blockCheck } from './steps/block-check.ts'
import { error } from './steps/error.ts'
import { llmComplete } from './steps/llm-complete.ts'
import { llmThinking } from './steps/llm-thinking.ts'
import { mcpPermissionCheck } from './steps/mcp-permission-check.ts'
import type { CheckResult, Refusal, StepResult } from './steps/step.ts'
import { toolFilter } from './steps/tool-filter.ts'
import { usageCheck } from './steps/usage-check.ts'
import { stopCauseOf } from './turn-stop.ts'

export interface FlowDeps extends AttemptDeps {
  recentEnds: AnnounceDeps['recentEnds']
  prices: Prices
  requests: Pick<RequestCounter, 'count'>
  log: Pick<Logger, 'error'>
}

/** What became of a delivered turn: it has ended; another worker has it; another one should; nobody can. */
export type TurnOutcome = 'ended' | 'superseded' | 'released' | 'exhausted'

/** Answers one turn: claims it with its checks, lets the model speak, settles it and tells its end. */
export async function answerTurn(
  turn: TurnMessage,
  redelivered: boolean,
  deps: FlowDeps,
): Promise<TurnOutcome> {
  const rate = redelivered ? null : await deps.requests.count(turn.identity.user_id)
  const claim = await deps.gate.retryWhileAway(() =>
    claimTurn(turn, (claimed) => checkTurn(turn, claimed, rate, deps), deps),
  )
  switch (claim.state) {
    case 'ended':
      return answerEndedTurn(turn, deps)
    case 'busy':
      return refuseBusyTurn(turn, deps)
    case 'exhausted':
      return endExhaustedTurn(turn, claim.attempt, deps)
    case 'settled':
      await announceEnd(claim.ended, deps)
      return 'ended'
    case 'running':
      return runTurn(turn, claim.claimed, claim.log, deps)
  }
}

/** The checks that decide together, within the claim; a wish to cancel or the first refusal ends the turn. */
function checkTurn(turn: TurnMessage, claimed: Claimed, rate: RequestRate | null, deps: FlowDeps): Checked {
  const { context } = claimed
  const now = new Date()
  const measured = { usage: context.usage, runningTurns: context.running_turns, rate, now }
  const log = new FlowLog(turn, claimed.attempt, deps.bus)
  const step = (name: StepName, result: CheckResult): Refusal | undefined => log.record(name, result).refusal

  if (claimed.cancel_requested_at) return { ending: makeUnsaidEnding(turn, deps), log }
  const refusal =
    step('auth_check', authCheck(context, turn.identity, now)) ??
    step('block_check', blockCheck(context)) ??
    step('usage_check', usageCheck(measureLimits(readLimits(context), measured), now))
  return { ending: refusal && makeRefusedEnding(refusal), log }
}

/** A claimed turn to its end: permissions, the model, the settlement. */
async function runTurn(
  turn: TurnMessage,
  claimed: Claimed,
  log: FlowLog,
  deps: FlowDeps,
): Promise<TurnOutcome> {
  using attempt = new Attempt(turn, claimed, deps)
  const { reply } = attempt
  const step = <R extends StepResult>(name: StepName, result: R): R => log.record(name, result)

  if (attempt.number > 1) reply.send('restart')
  reply.send('started')
  const { servers } = step('mcp_permission_check', mcpPermissionCheck(claimed.context))
  const { tools, alarms } = step('tool_filter', toolFilter(claimed.context, servers, []))
  if (alarms.length > 0)
    deps.log.error({ role: turn.identity.role, servers: alarms }, 'tool restrictions unreadable')
  const { request } = step('llm_thinking', llmThinking(turn, claimed.context, tools, deps.config))
  const said = await callModel(request, attempt.modelDeps)
  if (stopCauseOf(attempt.signal) === 'superseded') return 'superseded'
  if (stopCauseOf(attempt.signal) === 'shutdown') return 'released'

  const isCancelled = stopCauseOf(attempt.signal) === 'cancelled'
  const ending = makeReplyEnding(said, { isCancelled, times: attempt.times(), prices: deps.prices })
  if (said.failure && !isCancelled) step('error', error(ending, said.failure.detail))
  else step('llm_complete', llmComplete(ending))
  await log.stored()
  reply.flush()
  if (!(await attempt.ownership.confirm())) return 'superseded'

  const settling = { attempt: attempt.number, seq: reply.seq + 1 }
  const settled = await deps.gate.retryWhileAway(() => settleEnding(turn, ending, settling, deps.database))
  // The commit may have been ours although its answer was lost with the connection.
  const ended =
    settled ?? (await deps.gate.retryWhileAway(() => findOwnEnd(turn, attempt.number, deps.database)))
  if (!ended) return 'superseded'
  await announceEnd(ended, deps)
  return 'ended'
}
