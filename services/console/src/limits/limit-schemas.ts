import { defaultLimitsSchema } from '@omni2/contracts'
import { z } from 'zod'

const most = 2_147_483_647

/** A user's own limits; null = this kind is not limited here. */
export const usageLimitsSchema = z.object({
  /** UTC calendar days, ending today. */
  period_days: z.int().min(1).max(366),
  max_requests: z.int().min(0).max(most).nullable(),
  max_tokens: z.int().min(0).max(most).nullable(),
  /** USD, with up to 4 decimals. */
  max_cost: z.number().min(0).max(99_999_999).nullable(),
  is_active: z.boolean(),
})

export const usageLimitsChangeSchema = z.strictObject({
  period_days: usageLimitsSchema.shape.period_days.default(30),
  max_requests: usageLimitsSchema.shape.max_requests.default(null),
  max_tokens: usageLimitsSchema.shape.max_tokens.default(null),
  max_cost: usageLimitsSchema.shape.max_cost.default(null),
  is_active: z.boolean().default(true),
})

/** What is given of it changes; the rest stays. */
export const usageLimitsPatchSchema = z
  .strictObject(usageLimitsSchema.shape)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')

/** What workers read, and nothing else: a misspelt limit would be none. */
export const defaultLimitsChangeSchema = z.strictObject(defaultLimitsSchema.shape)

/** What is given of it changes, null takes a limit away; the rest stays. */
export const defaultLimitsPatchSchema = defaultLimitsChangeSchema.refine(
  (change) => Object.keys(change).length > 0,
  'must change something',
)
