import type { LimitState } from '@omni2/contracts'
import type { Admission } from '../limits/admit-call.ts'
import { describeRefusal } from '../limits/describe-refusal.ts'
import { toUsd } from '../limits/worst-case.ts'
import { passed, refused, type CheckResult } from '../record/step.ts'

type Decided = Exclude<Admission, { state: 'uncounted' }>

/** Every limit leaves room for the first model call of the turn. The measured and the reserved amounts are recorded. */
export function usageCheck(limits: readonly LimitState[], admission: Decided, now: Date): CheckResult {
  if (admission.state === 'refused') {
    const { by } = admission
    return refused(describeRefusal(by, now), { limits, exhausted: by.kind, remaining: by.remaining })
  }
  const { maxTokens, reserved, input } = admission.allowance
  const reservation = {
    cost_usd: toUsd(reserved.usd),
    tokens: reserved.tokens,
    tokens_input: input.tokens,
    max_tokens: maxTokens,
  }
  return passed({ limits, reservation })
}
