import { loadBlock, saveBlock, type Block } from '@omni2/db'
import { ConsoleRefused } from '../console-refused.ts'
import { makeChange } from '../make-change.ts'
import { defineOperation } from '../operation.ts'
import { changeOf, ofUser } from '../schemas.ts'
import { findAccount } from './find-account.ts'
import { blockChangeSchema, blockSchema } from './user-schemas.ts'

export const getBlock = defineOperation({
  id: 'getBlock',
  method: 'GET',
  path: '/users/{user_id}/block',
  summary: 'How a user is blocked.',
  versioned: true,
  params: ofUser,
  answer: blockSchema,
  handle: async ({ params: { user_id: userId } }, { database }) => {
    await findAccount(userId, database)
    return loadBlock(userId, database)
  },
})

export const blockUser = defineOperation({
  id: 'blockUser',
  method: 'PUT',
  path: '/users/{user_id}/block',
  summary: 'Blocks or unblocks a user; open connections and running turns hear of it at once.',
  versioned: true,
  params: ofUser,
  body: blockChangeSchema,
  answer: changeOf(blockSchema),
  handle: ({ params: { user_id: userId }, body }, context) => {
    if (body.is_blocked && userId === context.actor.userId) throw new ConsoleRefused('own_access')
    return makeChange<Block>(
      {
        action: body.is_blocked ? 'user.block' : 'user.unblock',
        target: { type: 'user', id: String(userId) },
        read: (transaction) => loadBlock(userId, transaction),
        write: async (_before, transaction) => {
          await findAccount(userId, transaction)
          await saveBlock(userId, { ...body, blocked_by: context.actor.userId }, transaction)
        },
        announce: () => [{ userId, change: body.is_blocked ? 'blocked' : 'unblocked' }],
      },
      context,
    )
  },
})
