import type { ReplyFacts } from './make-ending.ts'
import type { Said } from '../transcript/said.ts'
import { revocationOf, stopCauseOf } from '../signals/turn-stop.ts'

/** Whether a stopped turn is another attempt's to end; one that must not be begun anew is this one's. */
export function isAnothers({ isCommitted, isWhole }: Said, signal: AbortSignal): boolean {
  const cause = stopCauseOf(signal)
  return cause === 'superseded' || (cause === 'shutdown' && !isCommitted && !isWhole)
}

/** How the ending of a turn that was stopped from outside is told; what was whole by then is told as such. */
export function describeStop({ isWhole }: Said, signal: AbortSignal): ReplyFacts['stopped'] {
  const cause = stopCauseOf(signal)
  if (cause === 'cancelled') return cause
  if (isWhole || cause === 'superseded') return undefined
  return cause === 'revoked' ? revocationOf(signal) : cause
}

/** Why a turn ended without a whole answer, for the record. */
export const describeCause = ({ failure, refusal }: Said, signal: AbortSignal): string =>
  stopCauseOf(signal) ?? failure?.detail ?? (refusal ? 'the budget allows no further call' : 'unknown')
