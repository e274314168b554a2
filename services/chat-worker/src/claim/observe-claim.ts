import type { TurnMessage } from '@omni2/contracts'
import { semanticAttributes, withSpan } from '@omni2/telemetry'
import type { Claim } from './claim-turn.ts'
import type { WorkerMetrics } from '../metrics.ts'
import { secondsBetween } from '../record/seconds-between.ts'

interface ObserveDeps {
  metrics: Pick<WorkerMetrics, 'queueSeconds' | 'claimSeconds' | 'takeovers'>
}

/**
 * Claims in a span of its own. Counts how long the turn waited, how long the claim took, and which turns were taken
 * over.
 */
export function observeClaim(
  { accepted_at }: Pick<TurnMessage, 'accepted_at'>,
  claim: () => Promise<Claim>,
  { metrics }: ObserveDeps,
): Promise<Claim> {
  return withSpan({ name: 'claim' }, async (span) => {
    const queuedSeconds = secondsBetween(Date.parse(accepted_at), Date.now())
    const begunAt = performance.now()
    const claimed = await claim()
    span.setAttribute(semanticAttributes.outcome, claimed.state)
    const attempt = attemptOf(claimed)
    if (attempt === undefined) return claimed
    span.setAttribute(semanticAttributes.attempt, attempt)
    metrics.claimSeconds.observe(secondsBetween(begunAt, performance.now()))
    if (attempt > 1) metrics.takeovers.add(1)
    else metrics.queueSeconds.observe(queuedSeconds)
    return claimed
  })
}

/** Undefined if nothing was claimed. */
function attemptOf(claim: Claim): number | undefined {
  switch (claim.state) {
    case 'running':
      return claim.claimed.attempt
    case 'settled':
      return claim.ended.attempt
    case 'exhausted':
      return claim.attempt
    case 'busy':
    case 'ended':
      return undefined
  }
}
