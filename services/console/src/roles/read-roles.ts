import { listRoles as selectRoles, loadRole, type Database, type Role } from '@omni2/db'
import { ConsoleRefused } from '../console-refused.ts'
import { defineOperation } from '../request/operation.ts'
import { listOf, ofRole } from '../schemas.ts'
import { roleSchema } from './role-schemas.ts'

export const listRoles = defineOperation({
  id: 'listRoles',
  method: 'GET',
  path: '/roles',
  summary: 'Every role.',
  answer: listOf(roleSchema),
  handle: async (_input, { database }) => ({ items: await selectRoles(database) }),
})

export const getRole = defineOperation({
  id: 'getRole',
  method: 'GET',
  path: '/roles/{role}',
  summary: 'A role by its name.',
  versioned: true,
  params: ofRole,
  answer: roleSchema,
  handle: ({ params: { role } }, { database }) => findRole(role, database),
})

/** One role; throws ConsoleRefused when there is none. */
export async function findRole(name: string, database: Pick<Database, 'db'>): Promise<Role> {
  const role = await loadRole(name, database)
  if (role === undefined) throw makeUnknownRole(name)
  return role
}

export const makeUnknownRole = (name: string): ConsoleRefused =>
  new ConsoleRefused('not_found', { text: `There is no role ${name}.` })
