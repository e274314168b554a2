import type { ErrorCodeName, ErrorFields, EventOutcome } from '@omni2/contracts'

/** What a step found; `flow.ts` records it as the event of the step's name. */
export interface StepResult {
  outcome: EventOutcome
  data: Record<string, unknown>
}

/** Why a turn may not go on, as its client is told. */
export interface Refusal {
  end: 'refused' | 'blocked'
  code: ErrorCodeName
  /** Text for people. */
  text: string
  fields?: Partial<Omit<ErrorFields, 'result'>>
}

/** The steps that can refuse a turn. */
export type CheckName = 'auth_check' | 'block_check' | 'usage_check'

/** What such a step found. */
export interface CheckResult extends StepResult {
  refusal?: Refusal
}

export const passed = (data: Record<string, unknown>): StepResult => ({ outcome: 'passed', data })

export const refused = (refusal: Refusal, data: Record<string, unknown>): CheckResult => ({
  outcome: 'refused',
  data: { ...data, code: refusal.code },
  refusal,
})
