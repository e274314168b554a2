import { countLogins, revokeLogins, setPasswordHash } from '@omni2/db'
import { makeChange } from '../change/make-change.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, ofUser } from '../schemas.ts'
import { findLivingAccount } from '../request/find-account.ts'
import { hashPassword } from './hash-password.ts'
import { loginsSchema, passwordSchema } from './user-schemas.ts'

export const setPassword = defineOperation({
  id: 'setPassword',
  method: 'PUT',
  path: '/users/{user_id}/password',
  summary: 'Gives a user another password, ends every login and closes the connections.',
  params: ofUser,
  body: passwordSchema,
  answer: changeOf(loginsSchema),
  handle: async ({ params: { user_id: userId }, body: { password } }, context) => {
    await findLivingAccount(userId, context.database)
    const passwordHash = await hashPassword(password, context)
    return makeChange(
      {
        action: 'user.set_password',
        target: { type: 'user', id: String(userId) },
        read: async (transaction) => ({ logins: await countLogins(userId, transaction) }),
        write: async (_before, transaction) => {
          await findLivingAccount(userId, transaction)
          // In this order: a login that is being recorded comes before, and ends here, or finds another password.
          await setPasswordHash({ userId, passwordHash }, transaction)
          await revokeLogins(userId, transaction)
        },
        announce: () => [{ userId, change: 'logged_out' }],
      },
      context,
    )
  },
})
