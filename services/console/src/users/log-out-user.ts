import { countLogins, revokeLogins } from '@omni2/db'
import { makeChange } from '../change/make-change.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, ofUser } from '../schemas.ts'
import { findAccount } from '../request/find-account.ts'
import { loginsSchema } from './user-schemas.ts'

export const logOutUser = defineOperation({
  id: 'logOutUser',
  method: 'DELETE',
  path: '/users/{user_id}/sessions',
  summary:
    'Ends every login of a user and closes the connections; tokens of other issuers stay good for new ones.',
  params: ofUser,
  answer: changeOf(loginsSchema),
  handle: ({ params: { user_id: userId } }, context) =>
    makeChange(
      {
        action: 'user.log_out',
        target: { type: 'user', id: String(userId) },
        read: async (transaction) => ({ logins: await countLogins(userId, transaction) }),
        write: async (_before, transaction) => {
          await findAccount(userId, transaction)
          await revokeLogins(userId, transaction)
        },
        announce: () => [{ userId, change: 'logged_out' }],
      },
      context,
    ),
})
