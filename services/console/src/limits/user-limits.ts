import { deleteUsageLimits, loadUsageLimits, saveUsageLimits, type UsageLimits } from '@omni2/db'
import type { ChangeAction } from '../change-actions.ts'
import { mergeGiven } from '../change/merge-given.ts'
import { makeChange, type Change } from '../change/make-change.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, ofUser } from '../schemas.ts'
import { findAccount } from '../request/find-account.ts'
import { usageLimitsChangeSchema, usageLimitsPatchSchema, usageLimitsSchema } from './limit-schemas.ts'

const path = '/users/{user_id}/limits'

export const getUserLimits = defineOperation({
  id: 'getUserLimits',
  method: 'GET',
  path,
  summary: 'Limits of a user’s own; null: the role’s and the defaults apply.',
  versioned: true,
  params: ofUser,
  answer: usageLimitsSchema.nullable(),
  handle: async ({ params: { user_id: userId } }, { database }) => {
    await findAccount(userId, database)
    return (await loadUsageLimits(userId, database)) ?? null
  },
})

export const setUserLimits = defineOperation({
  id: 'setUserLimits',
  method: 'PUT',
  path,
  summary: 'Replaces the limits of a user.',
  versioned: true,
  params: ofUser,
  body: usageLimitsChangeSchema,
  answer: changeOf(usageLimitsSchema),
  handle: ({ params: { user_id: userId }, body }, context) =>
    makeChange(
      {
        ...limitsOf(userId, 'limits.set'),
        write: async (_before, transaction) => {
          await findAccount(userId, transaction)
          await saveUsageLimits(userId, body, transaction)
        },
      },
      context,
    ),
})

/** Where a user has no limits of their own yet. */
const noLimits: UsageLimits = {
  period_days: 30,
  max_requests: null,
  max_tokens: null,
  max_cost: null,
  is_active: true,
}

export const changeUserLimits = defineOperation({
  id: 'changeUserLimits',
  method: 'PATCH',
  path,
  summary: 'Changes what is given of a user’s limits; null takes one away, the rest stays.',
  versioned: true,
  params: ofUser,
  body: usageLimitsPatchSchema,
  answer: changeOf(usageLimitsSchema),
  handle: ({ params: { user_id: userId }, body }, context) =>
    makeChange(
      {
        ...limitsOf(userId, 'limits.change'),
        write: async (before, transaction) => {
          await findAccount(userId, transaction)
          await saveUsageLimits(userId, mergeGiven(before ?? noLimits, body), transaction)
        },
      },
      context,
    ),
})

export const deleteUserLimits = defineOperation({
  id: 'deleteUserLimits',
  method: 'DELETE',
  path,
  summary: 'Leaves a user to the limits of the role and the defaults.',
  params: ofUser,
  answer: changeOf(usageLimitsSchema),
  handle: ({ params: { user_id: userId } }, context) =>
    makeChange(
      {
        ...limitsOf(userId, 'limits.delete'),
        write: async (_before, transaction) => {
          await findAccount(userId, transaction)
          await deleteUsageLimits(userId, transaction)
        },
      },
      context,
    ),
})

const limitsOf = (userId: number, action: ChangeAction): Omit<Change<UsageLimits>, 'write'> => ({
  action,
  target: { type: 'user', id: String(userId) },
  read: async (transaction) => (await loadUsageLimits(userId, transaction)) ?? null,
  announce: () => [{ userId, change: 'limits' }],
})
