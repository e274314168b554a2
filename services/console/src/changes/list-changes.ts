import { listAdminChanges } from '@omni2/db'
import { z } from 'zod'
import { defineOperation } from '../request/operation.ts'
import { makePage, name, numberCursor, pageOf, pageQuery, userId } from '../schemas.ts'

const changeSchema = z.object({
  id: z.int(),
  /** Who. */
  user_id: z.int(),
  /** As what. */
  role: z.string(),
  action: z.string(),
  target_type: z.string(),
  target_id: z.string(),
  /** Secrets are masked; null: there was nothing. */
  before: z.unknown(),
  after: z.unknown(),
  request_id: z.string(),
  at: z.date(),
})

export const listChanges = defineOperation({
  id: 'listChanges',
  method: 'GET',
  path: '/changes',
  summary: 'What operators changed, newest first.',
  query: pageQuery(numberCursor, {
    user_id: userId.optional(),
    target_type: name(50).optional(),
    target_id: name(200).optional(),
  }),
  answer: pageOf(changeSchema),
  handle: async ({ query }, { database }) => {
    const { user_id, target_type, target_id, cursor: after, limit } = query
    const filter = { userId: user_id, targetType: target_type, targetId: target_id }
    const rows = await listAdminChanges(filter, { after, limit }, database)
    return makePage(rows, query, ({ id }) => String(id))
  },
})
