import type { Defaulted, Instant, Nullable, Numeric } from './column.ts'

/** `omni2.user_usage_limits`: null = this kind is not limited here. */
export interface UserUsageLimits {
  id: Defaulted<number>
  user_id: number
  /** UTC calendar days, ending today. */
  period_days: Defaulted<number>
  max_requests: Nullable<number>
  max_tokens: Nullable<number>
  /** USD. */
  max_cost: Nullable<Numeric>
  is_active: Defaulted<boolean>
  last_reset_at: Nullable<Instant>
  created_at: Defaulted<Instant>
  updated_at: Defaulted<Instant>
}
