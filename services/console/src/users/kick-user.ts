import { z } from 'zod'
import { makeChange } from '../change/make-change.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, ofUser } from '../schemas.ts'
import { findAccount } from '../request/find-account.ts'

export const kickUser = defineOperation({
  id: 'kickUser',
  method: 'POST',
  path: '/users/{user_id}/kick',
  summary: 'Closes the connections of a user, who may connect again.',
  params: ofUser,
  answer: changeOf(z.object({})),
  handle: ({ params: { user_id: userId } }, context) =>
    makeChange<object>(
      {
        action: 'user.kick',
        target: { type: 'user', id: String(userId) },
        read: async () => null,
        write: async (_before, transaction) => void (await findAccount(userId, transaction)),
        announce: () => [{ userId, change: 'kicked' }],
      },
      context,
    ),
})
