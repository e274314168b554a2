import type { Numeric } from './column.ts'

/** `omni2.usage_days`: what the ended turns of a user used on a UTC day, by model; triggers of `omni2.turns` keep it. */
export interface UsageDays {
  user_id: number
  day: string
  /** Empty: no model was asked, or a turn was lost before it was known which. */
  model: string
  requests: number
  tokens_input: number
  tokens_output: number
  tokens_cached: number
  tokens_abandoned: number
  /** Dead attempts included. */
  cost_usd: Numeric
}
