import type { TurnOutcome } from '../outcome/make-outcome.ts'
import { passed, type StepResult } from '../record/step.ts'

/** The model finished: its usage, its reply, its cost, and its stop reason. */
export function llmComplete(outcome: TurnOutcome): StepResult {
  const { result } = outcome
  if (!result) throw new TypeError('a complete reply has a result')
  return passed({
    model: result.model,
    stop_reason: result.stop_reason,
    iterations: result.iterations,
    tokens_input: result.tokens_input,
    tokens_output: result.tokens_output,
    tokens_cached: result.tokens_cached,
    cost_usd: result.cost_usd,
    first_token_ms: result.first_token_ms,
    duration_ms: result.duration_ms,
  })
}
