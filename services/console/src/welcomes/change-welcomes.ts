import {
  deleteWelcomeText,
  loadWelcomeText,
  saveWelcomeText,
  type Database,
  type WelcomeTarget,
  type WelcomeText,
} from '@omni2/db'
import type { z } from 'zod'
import type { ChangeAction } from '../change-actions.ts'
import { ConsoleRefused } from '../console-refused.ts'
import { makeChange } from '../change/make-change.ts'
import { defineOperation, type RequestContext } from '../request/operation.ts'
import { findRole } from '../roles/read-roles.ts'
import { changeOf, ofRole, ofUser } from '../schemas.ts'
import { findAccount } from '../request/find-account.ts'
import { welcomeChangeSchema, welcomeSchema } from './welcome-schemas.ts'

const answer = changeOf(welcomeSchema)

export const setDefaultWelcome = defineOperation({
  id: 'setDefaultWelcome',
  method: 'PUT',
  path: '/welcomes/default',
  summary: 'Sets the welcome text of everybody who has no other.',
  body: welcomeChangeSchema,
  answer,
  handle: ({ body }, context) =>
    setWelcome({ id: 'default', find: async () => ({ scope: 'default', targetId: null }) }, body, context),
})

export const setRoleWelcome = defineOperation({
  id: 'setRoleWelcome',
  method: 'PUT',
  path: '/welcomes/roles/{role}',
  summary: 'Sets the welcome text of a role.',
  params: ofRole,
  body: welcomeChangeSchema,
  answer,
  handle: ({ params: { role }, body }, context) => setWelcome(ofRoleNamed(role), body, context),
})

export const setUserWelcome = defineOperation({
  id: 'setUserWelcome',
  method: 'PUT',
  path: '/welcomes/users/{user_id}',
  summary: 'Sets the welcome text of a user.',
  params: ofUser,
  body: welcomeChangeSchema,
  answer,
  handle: ({ params: { user_id }, body }, context) => setWelcome(ofUserWithId(user_id), body, context),
})

export const deleteRoleWelcome = defineOperation({
  id: 'deleteRoleWelcome',
  method: 'DELETE',
  path: '/welcomes/roles/{role}',
  summary: 'Leaves a role to the default welcome text.',
  params: ofRole,
  answer,
  handle: ({ params: { role } }, context) => deleteWelcome(ofRoleNamed(role), context),
})

export const deleteUserWelcome = defineOperation({
  id: 'deleteUserWelcome',
  method: 'DELETE',
  path: '/welcomes/users/{user_id}',
  summary: 'Leaves a user to the welcome text of the role, or the default.',
  params: ofUser,
  answer,
  handle: ({ params: { user_id } }, context) => deleteWelcome(ofUserWithId(user_id), context),
})

/** Whom a text is for: as operators name it, and how it is found. Throws ConsoleRefused when there is no such role or user. */
interface Audience {
  readonly id: string
  readonly find: (transaction: Pick<Database, 'db'>) => Promise<WelcomeTarget>
}

const ofRoleNamed = (role: string): Audience => ({
  id: `role ${role}`,
  find: async (transaction) => ({ scope: 'role', targetId: (await findRole(role, transaction)).id }),
})

const ofUserWithId = (userId: number): Audience => ({
  id: `user ${userId}`,
  find: async (transaction) => ({ scope: 'user', targetId: (await findAccount(userId, transaction)).id }),
})

const setWelcome = (audience: Audience, body: z.infer<typeof welcomeChangeSchema>, context: RequestContext) =>
  makeChange<WelcomeText>(
    {
      ...changeOfWelcome(audience, 'welcome.set'),
      write: async (before, transaction) => {
        const shown = body.show_usage_info ?? before?.show_usage_info ?? true
        const text = { welcome_message: body.welcome_message, show_usage_info: shown }
        await saveWelcomeText(await audience.find(transaction), text, transaction)
      },
    },
    context,
  )

const deleteWelcome = (audience: Audience, context: RequestContext) =>
  makeChange<WelcomeText>(
    {
      ...changeOfWelcome(audience, 'welcome.delete'),
      write: async (before, transaction) => {
        if (!before) throw new ConsoleRefused('not_found', { text: 'There is no welcome text of its own.' })
        await deleteWelcomeText(await audience.find(transaction), transaction)
      },
    },
    context,
  )

const changeOfWelcome = ({ id, find }: Audience, action: ChangeAction) => ({
  action,
  target: { type: 'welcome', id },
  read: async (transaction: Pick<Database, 'db'>) =>
    (await loadWelcomeText(await find(transaction), transaction)) ?? null,
  announce: () => [],
})
