import { listNearLimits as selectNearLimits } from '@omni2/db'
import { z } from 'zod'
import { defineOperation } from '../request/operation.ts'
import { listOf } from '../schemas.ts'

const nearLimitSchema = z.object({
  user_id: z.int(),
  username: z.string(),
  kind: z.enum(['cost_daily', 'requests_period', 'tokens_period', 'cost_period']),
  /** UTC calendar days, ending today. */
  period_days: z.int(),
  /** Costs in USD. */
  used: z.number(),
  limit: z.number(),
  /** `used` by `limit`; a limit of 0 is used up. */
  share: z.number(),
})

/** Share of a limit from which a user is near it, and most that are listed. */
const from = 0.7
const most = 100

export const listNearLimits = defineOperation({
  id: 'listNearLimits',
  method: 'GET',
  path: '/limits/near',
  summary:
    'Users who have used 70 % or more of a daily cost limit or of a limit of their own, the nearest first.',
  answer: listOf(nearLimitSchema),
  handle: async (_input, { database }) => ({
    items: await selectNearLimits({ from, limit: most }, database),
  }),
})
