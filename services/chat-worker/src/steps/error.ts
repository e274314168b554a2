import type { TurnOutcome } from '../outcome/make-outcome.ts'
import type { StepResult } from '../record/step.ts'

/** The turn ended without a complete reply: its code, the reply so far and its cost. */
export function error(outcome: TurnOutcome, detail: string): StepResult {
  const { result, terminal } = outcome
  const spent = result && {
    tokens_input: result.tokens_input,
    tokens_output: result.tokens_output,
    cost_usd: result.cost_usd,
    estimated: result.estimated ?? false,
  }
  return { outcome: 'failed', data: { code: terminal.body.code, status: outcome.status, detail, ...spent } }
}
