import {
  changeAccount,
  findNameHolder,
  insertAccount,
  insertAdminChange,
  listAdministrators,
  listRoles,
  loadAccount,
  loadRole,
  lockTarget,
  revokeLogins,
  saveRole,
  setPasswordHash,
  takeAccountId,
  type Database,
  type NameHolder,
  type RoleFields,
} from '@omni2/db'
import { OperatorError } from '../operator-error.ts'
import type { BootstrapOptions } from './read-bootstrap-options.ts'
import { administratorFields, otherRoles } from './standard-roles.ts'

type InTransaction = Pick<Database, 'db'>

/** An administrator as asked for. */
export type WantedAdministrator = Pick<BootstrapOptions, 'username' | 'email' | 'name' | 'force'> & {
  /** Roles that may administer. */
  readonly adminRoles: readonly string[]
}

export interface MadeAdministrator {
  readonly id: number
  readonly username: string
  readonly role: string
  readonly roles_made: readonly string[]
  /** False: an account that was there got role and password. */
  readonly is_new: boolean
}

/** Throws an OperatorError where an administrator or such an account exists, unless forced. */
export async function refuseSecondAdministrator(
  { username, email, force, adminRoles }: WantedAdministrator,
  database: InTransaction,
): Promise<void> {
  const [first] = await listAdministrators(adminRoles, database)
  if (first !== undefined && !force)
    throw new OperatorError(
      `this database has an administrator: ${first.username} (user ${first.id}). With that login: ` +
        'npm run admin -- create-user | set-password | role. Is the password lost: bootstrap with --force',
    )
  const holder = await findNameHolder(email === null ? [username] : [username, email], database)
  if (holder === undefined) return
  if (holder.username !== username)
    throw new OperatorError(`user ${holder.id} has this name or e-mail address: ${describe(holder)}`)
  if (!force)
    throw new OperatorError(
      `there is a user ${username} (user ${holder.id}) who is no active administrator; ` +
        'with --force this account becomes one, with a new password',
    )
}

/**
 * Makes an administrator, the role it needs, and the other usual roles where there is none; all of it or nothing, and one
 * after the other. Throws an OperatorError where it must not be done.
 */
export function makeAdministrator(
  wanted: WantedAdministrator & { readonly passwordHash: string },
  { db }: InTransaction,
): Promise<MadeAdministrator> {
  return db.transaction().execute(async (transaction) => {
    const within = { db: transaction }
    await lockTarget('administrators', within)
    await refuseSecondAdministrator(wanted, within)
    const there = await findNameHolder([wanted.username], within)
    const id = there?.id ?? (await takeAccountId(within))
    const { role, roles_made } = await makeRoles(wanted.adminRoles, id, within)
    await (there === undefined
      ? createAccount(id, role, wanted, within)
      : renewAccount(id, role, wanted, within))
    return { id, username: wanted.username, role, roles_made, is_new: there === undefined }
  })
}

/** The role that administers, made where there is none, and the others in a database without any. */
async function makeRoles(adminRoles: readonly string[], userId: number, within: InTransaction) {
  const there = (await listRoles(within)).map(({ name }) => name)
  const found = adminRoles.find((name) => there.includes(name))
  const role = found ?? adminRoles[0]
  if (role === undefined) throw new OperatorError('ADMIN_ROLES: names no role')
  const missing = [
    ...(found === undefined ? [{ ...administratorFields, name: role }] : []),
    ...(there.length === 0 ? otherRoles.filter(({ name }) => name !== role) : []),
  ]
  for (const { name, ...fields } of missing) await createRole(name, fields, userId, within)
  return { role, roles_made: missing.map(({ name }) => name) }
}

async function createRole(name: string, fields: RoleFields, userId: number, within: InTransaction) {
  await saveRole(name, fields, within)
  const change = { action: 'role.create', target_type: 'role', target_id: name, before: null }
  await record({ ...change, after: await loadRole(name, within) }, userId, within)
}

async function createAccount(
  id: number,
  role: string,
  { username, name, email, passwordHash }: WantedAdministrator & { readonly passwordHash: string },
  within: InTransaction,
): Promise<void> {
  await insertAccount({ id, username, name, email, role, passwordHash }, within)
  const change = { action: 'user.create', target_type: 'user', target_id: String(id), before: null }
  await record({ ...change, after: await loadAccount(id, within) }, id, within)
}

/** Ends all logins with the old password. */
async function renewAccount(
  id: number,
  role: string,
  { passwordHash }: { readonly passwordHash: string },
  within: InTransaction,
): Promise<void> {
  const before = await loadAccount(id, within)
  await changeAccount(id, { role, active: true }, within)
  await setPasswordHash({ userId: id, passwordHash }, within)
  await revokeLogins(id, within)
  const target = { target_type: 'user', target_id: String(id) }
  const after = await loadAccount(id, within)
  await record({ ...target, action: 'user.change', before, after }, id, within)
  await record({ ...target, action: 'user.set_password', before: null, after: { logins: 0 } }, id, within)
}

/** A row as the Admin API writes them. No operator asked for it, so the account itself is named as the operator. */
const record = (
  change: Pick<
    Parameters<typeof insertAdminChange>[0],
    'action' | 'target_type' | 'target_id' | 'before' | 'after'
  >,
  userId: number,
  within: InTransaction,
): Promise<number> =>
  insertAdminChange({ ...change, user_id: userId, role: 'bootstrap', request_id: 'bootstrap' }, within)

const describe = ({ username, email }: NameHolder): string =>
  email === null ? username : `${username}, ${email}`
