import {
  findNameHolder,
  insertAccount,
  isUniqueViolation,
  loadAccount,
  loadRole,
  lockTarget,
  takeAccountId,
  type Account,
  type Database,
  type NewAccount,
} from '@omni2/db'
import { ConsoleRefused } from '../console-refused.ts'
import { makeChange } from '../change/make-change.ts'
import { defineOperation } from '../request/operation.ts'
import { makeUnknownRole } from '../roles/read-roles.ts'
import { changeOf } from '../schemas.ts'
import { hashPassword } from './hash-password.ts'
import { accountSchema, newUserSchema } from './user-schemas.ts'

export const createUser = defineOperation({
  id: 'createUser',
  refuses: ['exists', 'not_found'],
  method: 'POST',
  path: '/users',
  summary: 'Adds a user, who logs in with a password: this one, or one of their choice by an invitation.',
  body: newUserSchema,
  answer: changeOf(accountSchema),
  handle: async ({ body: { password, ...body } }, context) => {
    await refuseTaken(body, context.database)
    const passwordHash = password === undefined ? null : await hashPassword(password, context)
    const id = await takeAccountId(context.database)
    const account = { ...body, id, name: body.name ?? body.username, passwordHash }
    return makeChange<Account>(
      {
        action: 'user.create',
        target: { type: 'user', id: String(id) },
        read: async (transaction) => (await loadAccount(id, transaction)) ?? null,
        write: (_before, transaction) => addAccount(account, transaction),
        announce: () => [],
      },
      context,
    )
  },
})

/** Accounts are added one after another, so that of two with one name the second one is refused. */
async function addAccount(account: NewAccount, transaction: Pick<Database, 'db'>): Promise<void> {
  const { role } = account
  await lockTarget('names of users', transaction)
  await refuseTaken(account, transaction)
  if (role !== null) {
    // It must not be deleted meanwhile.
    await lockTarget(`role:${role}`, transaction)
    if ((await loadRole(role, transaction)) === undefined) throw makeUnknownRole(role)
  }
  try {
    await insertAccount(account, transaction)
  } catch (error) {
    // Another writer of accounts was first.
    if (isUniqueViolation(error)) throw new ConsoleRefused('exists')
    throw error
  }
}

/** A login takes a username or an e-mail address, so no account may have what is either of another. */
async function refuseTaken(
  { username, email }: Pick<NewAccount, 'username' | 'email'>,
  database: Pick<Database, 'db'>,
): Promise<void> {
  const holder = await findNameHolder(email === null ? [username] : [username, email], database)
  if (holder === undefined) return
  const held = new Set([holder.username, holder.email].map((name) => name?.toLowerCase()))
  const what = held.has(username.toLowerCase()) ? `the name ${username}` : `the e-mail address ${email}`
  throw new ConsoleRefused('exists', {
    text: `User ${holder.id} has ${what} already, as username or e-mail address, in this or another case.`,
  })
}
