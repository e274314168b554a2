import type { ErrorCodeName, ErrorFields, EventOutcome } from '@omni2/contracts'

/** The result of a step. `flow.ts` records it as the event with the name of the step. */
export interface StepResult {
  outcome: EventOutcome
  data: Record<string, unknown>
}

/** Why a turn may not go on, as its client receives it. */
export interface Refusal {
  end: 'refused' | 'blocked'
  code: ErrorCodeName
  /** Text for people. */
  text: string
  fields?: Partial<Omit<ErrorFields, 'result'>>
}

/** The steps that can refuse a turn. */
export type CheckName = 'auth_check' | 'block_check' | 'usage_check'

/** The result of such a step. */
export interface CheckResult extends StepResult {
  refusal?: Refusal
}

export const passed = (data: Record<string, unknown>): StepResult => ({ outcome: 'passed', data })

export const refused = (refusal: Refusal, data: Record<string, unknown>): CheckResult => ({
  outcome: 'refused',
  data: { ...data, code: refusal.code },
  refusal,
})
