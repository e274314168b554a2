import {
  countLogins,
  loadBlock,
  loadInvitation,
  loadMonitoring,
  loadUsageLimits,
  loadUsageToday,
} from '@omni2/db'
import { z } from 'zod'
import { usageLimitsSchema } from '../limits/limit-schemas.ts'
import { defineOperation } from '../request/operation.ts'
import { ofUser } from '../schemas.ts'
import { findAccount } from '../request/find-account.ts'
import {
  accountSchema,
  blockSchema,
  invitationSchema,
  monitoringSchema,
  usageSchema,
} from './user-schemas.ts'

export const getUser = defineOperation({
  id: 'getUser',
  method: 'GET',
  path: '/users/{user_id}',
  summary: 'A user with block, own limits, use of this UTC day, logins, monitoring and invitation.',
  versioned: 'account',
  params: ofUser,
  answer: z.object({
    account: accountSchema,
    block: blockSchema,
    limits: usageLimitsSchema.nullable(),
    usage_today: usageSchema,
    /** Logins that go on. */
    logins: z.int(),
    monitoring: monitoringSchema.nullable(),
    /** Null: none that can still be used. */
    invitation: invitationSchema.nullable(),
  }),
  handle: async ({ params: { user_id } }, { database }) => ({
    account: await findAccount(user_id, database),
    block: await loadBlock(user_id, database),
    limits: (await loadUsageLimits(user_id, database)) ?? null,
    usage_today: await loadUsageToday(user_id, database),
    logins: await countLogins(user_id, database),
    monitoring: (await loadMonitoring(user_id, database)) ?? null,
    invitation: (await loadInvitation(user_id, database)) ?? null,
  }),
})
