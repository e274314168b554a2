import { loadMonitoring } from '@omni2/db'
import { z } from 'zod'
import { defineOperation } from '../request/operation.ts'

export const getMe = defineOperation({
  id: 'getMe',
  api: 'chat',
  method: 'GET',
  path: '/me',
  summary: 'Who you are here, and what your role may see.',
  answer: z.object({
    user_id: z.int(),
    username: z.string(),
    /** Empty for a user without a role. */
    role: z.string(),
    /** Sees the turns of all users, and the Admin API. */
    is_operator: z.boolean(),
    /** May change things by the Admin API. */
    is_administrator: z.boolean(),
    /** Until when operators may follow your turns; null: they may not, or the deployment does not say. */
    monitored_until: z.date().nullable(),
  }),
  handle: async (_input, { actor, config, database }) => ({
    user_id: actor.userId,
    username: actor.username,
    role: actor.role,
    is_operator: actor.isOperator,
    is_administrator: config.ADMIN_ROLES.includes(actor.role),
    monitored_until:
      config.CONSOLE_MONITORING_NOTICE === 'shown'
        ? ((await loadMonitoring(actor.userId, database))?.expires_at ?? null)
        : null,
  }),
})
