import type { TurnEnding } from '../outcome/make-ending.ts'
import type { StepResult } from '../record/step.ts'

/** The turn ended without a whole reply: its code, what was said until then and what that cost. */
export function error(ending: TurnEnding, detail: string): StepResult {
  const { result, terminal } = ending
  const spent = result && {
    tokens_input: result.tokens_input,
    tokens_output: result.tokens_output,
    cost_usd: result.cost_usd,
    estimated: result.estimated ?? false,
  }
  return { outcome: 'failed', data: { code: terminal.body.code, status: ending.status, detail, ...spent } }
}
