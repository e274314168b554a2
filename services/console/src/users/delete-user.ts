import { anonymizeAccount, revokeLogins, type Account } from '@omni2/db'
import { deletedUsername } from '@omni2/contracts'
import { ConsoleRefused } from '../console-refused.ts'
import { makeChange } from '../change/make-change.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, ofUser } from '../schemas.ts'
import { findAccount, findLivingAccount } from '../request/find-account.ts'
import { keepAdministrator } from './keep-administrator.ts'
import { accountSchema } from './user-schemas.ts'

export const deleteUser = defineOperation({
  id: 'deleteUser',
  refuses: ['own_access', 'last_administrator'],
  method: 'DELETE',
  path: '/users/{user_id}',
  summary:
    'Deletes a user for good: ends logins and connections, and takes names, password, role and settings away. What they did keeps their id.',
  params: ofUser,
  answer: changeOf(accountSchema),
  handle: async ({ params: { user_id: userId } }, context) => {
    if (userId === context.actor.userId) throw new ConsoleRefused('own_access')
    const made = await makeChange<Account>(
      {
        action: 'user.delete',
        target: { type: 'user', id: String(userId) },
        read: (transaction) => findAccount(userId, transaction),
        write: async (_before, transaction) => {
          const account = await findLivingAccount(userId, transaction)
          await keepAdministrator(account, context, transaction)
          // In this order: a login that is being recorded comes before, and ends here, or finds no password.
          await anonymizeAccount(userId, deletedUsername(userId), transaction)
          await revokeLogins(userId, transaction)
        },
        announce: () => [
          { userId, change: 'deactivated' },
          { userId, change: 'logged_out' },
        ],
      },
      context,
    )
    context.feeds.closeUser(userId)
    return made
  },
})
