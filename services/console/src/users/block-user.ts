import { loadBlock, saveBlock, type Block } from '@omni2/db'
import type { z } from 'zod'
import { ConsoleRefused } from '../console-refused.ts'
import { makeChange } from '../change/make-change.ts'
import { mergeGiven } from '../change/merge-given.ts'
import { defineOperation, type RequestContext } from '../request/operation.ts'
import { changeOf, ofUser } from '../schemas.ts'
import { findAccount } from '../request/find-account.ts'
import { blockChangeSchema, blockPatchSchema, blockSchema } from './user-schemas.ts'

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
  refuses: ['own_access'],
  method: 'PUT',
  path: '/users/{user_id}/block',
  summary: 'Blocks or unblocks a user; open connections and running turns hear of it at once.',
  versioned: true,
  params: ofUser,
  body: blockChangeSchema,
  answer: changeOf(blockSchema),
  handle: ({ params: { user_id: userId }, body }, context) => writeBlock(userId, () => body, context),
})

export const changeBlock = defineOperation({
  id: 'changeBlock',
  refuses: ['own_access'],
  method: 'PATCH',
  path: '/users/{user_id}/block',
  summary: 'Blocks a user, or changes what is given of a block that goes on; the rest stays.',
  versioned: true,
  params: ofUser,
  body: blockPatchSchema,
  answer: changeOf(blockSchema),
  handle: ({ params: { user_id: userId }, body }, context) =>
    writeBlock(
      userId,
      (before) =>
        mergeGiven(before?.is_blocked ? before : blockChangeSchema.parse({ is_blocked: true }), body),
      context,
    ),
})

type NewBlock = z.infer<typeof blockChangeSchema>

async function writeBlock(
  userId: number,
  makeBlock: (before: Block | null) => NewBlock,
  context: RequestContext,
) {
  const { is_blocked } = makeBlock(null)
  if (is_blocked && userId === context.actor.userId) throw new ConsoleRefused('own_access')
  return makeChange<Block>(
    {
      action: is_blocked ? 'user.block' : 'user.unblock',
      target: { type: 'user', id: String(userId) },
      read: (transaction) => loadBlock(userId, transaction),
      write: async (before, transaction) => {
        await findAccount(userId, transaction)
        const block = { ...makeBlock(before), blocked_by: context.actor.userId }
        await saveBlock(userId, block, transaction)
      },
      announce: () => [{ userId, change: is_blocked ? 'blocked' : 'unblocked' }],
    },
    context,
  )
}
