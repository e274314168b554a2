import { listUsage, sumUsage, type UsageCursor } from '@omni2/db'
import { z } from 'zod'
import { defineOperation } from '../request/operation.ts'
import { makePage, notACursor, pageOf, pageQuery, userId } from '../schemas.ts'

const usageSchema = z.object({
  /** Turns that were admitted. */
  requests: z.int(),
  /** Everything the model read, cached included. */
  tokens_input: z.number(),
  tokens_output: z.number(),
  /** Of those that were read, from the cache. */
  tokens_cached: z.number(),
  /** What attempts that died may have used at most, beside the others. */
  tokens_abandoned: z.number(),
  /** Dead attempts included, as limits count it. */
  cost_usd: z.number(),
})

const usageOfDaySchema = usageSchema.extend({
  /** A UTC day. */
  day: z.string(),
  user_id: z.int(),
  username: z.string().nullable(),
  /** Null: no model was asked, or a turn was lost before it was known which. */
  model: z.string().nullable(),
})

const usageCursor = z
  .string()
  .max(400)
  .regex(/^\d{4}-\d\d-\d\d_\d{1,9}_[^\0]*$/, notACursor)
  .transform((cursor): UsageCursor => {
    const [day = '', user = ''] = cursor.split('_', 2)
    return { day, userId: Number(user), model: cursor.slice(day.length + user.length + 2) }
  })

const day = z.iso.date('must be a day such as 2026-11-27')

/** Days that are summed where nothing is said, today included. */
const usualDays = 7

export const readUsage = defineOperation({
  id: 'readUsage',
  method: 'GET',
  path: '/usage',
  summary:
    'What ended turns used and cost, by UTC day, user and model; `total` is of all pages. Without `since`: a week.',
  query: pageQuery(usageCursor, { user_id: userId.optional(), since: day.optional(), until: day.optional() }),
  answer: pageOf(usageOfDaySchema).extend({ since: z.string(), total: usageSchema }),
  handle: async ({ query }, { database }) => {
    const { user_id, since = daysAgo(usualDays - 1), until, cursor: after, limit } = query
    const filter = { userId: user_id, since, until }
    const rows = await listUsage(filter, { after, limit }, database)
    const page = makePage(rows, query, (row) => `${row.day}_${row.user_id}_${row.model ?? ''}`)
    return { ...page, since, total: await sumUsage(filter, database) }
  },
})

const dayMs = 86_400_000

const daysAgo = (days: number): string => new Date(Date.now() - days * dayMs).toISOString().slice(0, 10)
