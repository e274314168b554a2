import type { LimitState } from '@omni2/contracts'
import type { MeasurePrompt } from './claim-turn.ts'
import { admitCall, type AdmitDeps, type Admission } from '../limits/admit-call.ts'
import { boundInputTokens, type PromptRequest } from '../limits/worst-case.ts'

/** Decides whether the first model call of a turn may be made, by the known size of its prompt. */
export function admitTurn(
  request: PromptRequest,
  { limits, measure }: { limits: readonly LimitState[]; measure: MeasurePrompt },
  deps: AdmitDeps,
): Admission {
  const input = measure(request) ?? { tokens: boundInputTokens(request), isFinal: false }
  return admitCall(limits, input, deps)
}
