import { limitKinds } from '@omni2/contracts'
import { makeGuard } from '@omni2/telemetry'
import type { EndedTurn } from './ended-turn.ts'
import type { TurnOutcome } from './make-outcome.ts'
import { modelLabels, type WorkerMetrics } from '../metrics.ts'
import { secondsBetween } from '../record/seconds-between.ts'

/** The counted facts of a turn beside its row. */
export type OutcomeFacts = Pick<TurnOutcome, 'result' | 'usage' | 'refusedBy'>

export interface CountDeps {
  metrics: Pick<
    WorkerMetrics,
    'turnsEnded' | 'turnSeconds' | 'tokens' | 'cost' | 'limitRefusals' | 'checkRefusals'
  >
}

const guard = makeGuard('the end of a turn')

/**
 * Counts a turn that this worker has ended: its result, duration and cost, and the limit or check that refused it.
 * Never throws, because the end must still be published.
 */
export const countOutcome = (turn: EndedTurn, outcome: OutcomeFacts, deps: CountDeps): void =>
  guard(() => count(turn, outcome, deps))

function count(turn: EndedTurn, outcome: OutcomeFacts, { metrics }: CountDeps): void {
  const { status: end, source, created_at, ended_at, terminal } = turn
  metrics.turnsEnded.add(1, { end, source })
  metrics.turnSeconds.observe(secondsBetween(created_at.getTime(), ended_at.getTime()), { end })
  countSpent(outcome, metrics)
  const kind = limitKinds.find((limitKind) => limitKind === terminal.body['limit_kind'])
  if (kind !== undefined) metrics.limitRefusals.add(1, { kind })
  if (outcome.refusedBy !== undefined) metrics.checkRefusals.add(1, { step: outcome.refusedBy })
}

function countSpent({ result, usage }: OutcomeFacts, { tokens, cost }: CountDeps['metrics']): void {
  if (!result || !usage) return
  const model = labelModel(result.model)
  tokens.add(usage.input, { kind: 'input', model })
  tokens.add(usage.cacheRead, { kind: 'cache_read', model })
  tokens.add(usage.cacheWrite, { kind: 'cache_write', model })
  tokens.add(usage.output, { kind: 'output', model })
  cost.add(result.cost_usd, { model })
}

/** The API adds the date of the snapshot to the name of a model. */
function labelModel(model: string): string {
  const name = model.replace(/-\d{8}$/, '')
  return modelLabels.includes(name) ? name : 'other'
}
