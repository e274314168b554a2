import type { ReplyFacts } from './make-outcome.ts'
import type { Transcript } from '../transcript/transcript.ts'
import { revocationOf, stopCauseOf } from '../signals/turn-stop.ts'

/** Whether another attempt ends a stopped turn. A turn that must not start again ends here. */
export function isOwnedElsewhere({ isCommitted, isWhole }: Transcript, signal: AbortSignal): boolean {
  const cause = stopCauseOf(signal)
  return cause === 'superseded' || (cause === 'shutdown' && !isCommitted && !isWhole)
}

/** Why a turn was stopped from outside, for its outcome. A reply that was complete by then counts as complete. */
export function describeStop({ isWhole }: Transcript, signal: AbortSignal): ReplyFacts['stopped'] {
  const cause = stopCauseOf(signal)
  if (cause === 'cancelled') return cause
  if (isWhole || cause === 'superseded') return undefined
  return cause === 'revoked' ? revocationOf(signal) : cause
}

/** Why a turn ended without a complete answer, for the record. */
export const describeCause = ({ failure, refusal }: Transcript, signal: AbortSignal): string =>
  stopCauseOf(signal) ?? failure?.detail ?? (refusal ? 'the budget allows no further call' : 'unknown')
