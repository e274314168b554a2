import { hashOpaqueToken, makeOpaqueToken } from '@omni2/passwords'
import { deleteInvitation, loadInvitation, putInvitation } from '@omni2/db'
import { z } from 'zod'
import { makeChange } from '../change/make-change.ts'
import { findLivingAccount } from '../request/find-account.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, ofUser } from '../schemas.ts'
import { invitationSchema } from './user-schemas.ts'

/** The page that takes an invitation; its token follows after a `#`, so that no log of a server gets to see it. */
const invitationPage = '/login/invitation'

const inviting = (userId: number) => ({ type: 'user', id: String(userId) }) as const

export const inviteUser = defineOperation({
  id: 'inviteUser',
  method: 'POST',
  path: '/users/{user_id}/invitation',
  summary: 'Makes a link with which a person sets the password of this user, once; an earlier link is void.',
  params: ofUser,
  body: z.strictObject({
    /** How long it is good. */
    hours: z.int().min(1).max(720).default(72),
  }),
  answer: changeOf(invitationSchema).extend({
    /** Path and fragment of the page to open: a secret, given here only. */
    link: z.string(),
  }),
  handle: async ({ params: { user_id: userId }, body: { hours } }, context) => {
    const token = makeOpaqueToken('invitation')
    const made = await makeChange(
      {
        action: 'user.invite',
        target: inviting(userId),
        read: async (transaction) => (await loadInvitation(userId, transaction)) ?? null,
        write: async (_before, transaction) => {
          await findLivingAccount(userId, transaction)
          const invitation = { userId, tokenHash: hashOpaqueToken(token), invitedBy: context.actor.userId }
          await putInvitation({ ...invitation, seconds: hours * 3600 }, transaction)
        },
        announce: () => [],
      },
      context,
    )
    return { ...made, link: `${invitationPage}#${token}` }
  },
})

export const withdrawInvitation = defineOperation({
  id: 'withdrawInvitation',
  method: 'DELETE',
  path: '/users/{user_id}/invitation',
  summary: 'Makes the invitation of a user void.',
  params: ofUser,
  answer: changeOf(invitationSchema),
  handle: ({ params: { user_id: userId } }, context) =>
    makeChange(
      {
        action: 'user.withdraw_invitation',
        target: inviting(userId),
        read: async (transaction) => (await loadInvitation(userId, transaction)) ?? null,
        write: async (_before, transaction) => {
          await findLivingAccount(userId, transaction)
          await deleteInvitation(userId, transaction)
        },
        announce: () => [],
      },
      context,
    ),
})
