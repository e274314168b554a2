import { changeAccount, lockTarget, type Account } from '@omni2/db'
import type { z } from 'zod'
import type { Announcement } from '../change/announce-change.ts'
import { ConsoleRefused } from '../console-refused.ts'
import { makeChange } from '../change/make-change.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, ofUser } from '../schemas.ts'
import { makeUnknownRole } from '../roles/read-roles.ts'
import { findAccount, findLivingAccount } from '../request/find-account.ts'
import { keepAdministrator } from './keep-administrator.ts'
import { accountChangeSchema, accountSchema } from './user-schemas.ts'

type AccountChange = z.infer<typeof accountChangeSchema>

export const changeUser = defineOperation({
  id: 'changeUser',
  method: 'PATCH',
  path: '/users/{user_id}',
  summary: 'Gives a user another role, activates or deactivates, or sets the rate limit.',
  versioned: true,
  refuses: ['own_access', 'last_administrator'],
  params: ofUser,
  body: accountChangeSchema,
  answer: changeOf(accountSchema),
  handle: ({ params: { user_id: userId }, body }, context) => {
    refuseOwnAccess(userId, body, context.actor)
    return makeChange<Account>(
      {
        action: 'user.change',
        target: { type: 'user', id: String(userId) },
        read: (transaction) => findAccount(userId, transaction),
        write: async (_before, transaction) => {
          const account = await findLivingAccount(userId, transaction)
          if (losesAccess(body, context.config.ADMIN_ROLES))
            await keepAdministrator(account, context, transaction)
          // It must not be deleted meanwhile.
          if (body.role != null) await lockTarget(`role:${body.role}`, transaction)
          if (await changeAccount(userId, body, transaction)) return
          throw makeUnknownRole(String(body.role))
        },
        announce: () => announce(userId, body),
      },
      context,
    )
  },
})

/** Whoever made this mistake could not mend it. */
function refuseOwnAccess(
  userId: number,
  { role, active }: AccountChange,
  actor: { userId: number; role: string },
) {
  const loses = active === false || (role !== undefined && role !== actor.role)
  if (userId === actor.userId && loses) throw new ConsoleRefused('own_access')
}

const losesAccess = ({ role, active }: AccountChange, adminRoles: readonly string[]): boolean =>
  active === false || (role !== undefined && !adminRoles.includes(role ?? ''))

function announce(userId: number, { role, active, rate_limit_override }: AccountChange): Announcement[] {
  const changes = [
    active === false ? ('deactivated' as const) : undefined,
    role !== undefined || active === true ? ('permissions' as const) : undefined,
    role !== undefined || rate_limit_override !== undefined ? ('limits' as const) : undefined,
  ]
  return changes.flatMap((change) => (change === undefined ? [] : [{ userId, change }]))
}
