import { deleteRole as removeRole, loadRole, saveRole, type Role, type RoleFields } from '@omni2/db'
import type { ChangeAction } from '../change-actions.ts'
import type { Announcement } from '../change/announce-change.ts'
import { ConsoleRefused } from '../console-refused.ts'
import { mergeGiven } from '../change/merge-given.ts'
import { makeChange, type Change } from '../change/make-change.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, ofRole } from '../schemas.ts'
import { findRole } from './read-roles.ts'
import { newRoleSchema, roleChangeSchema, roleSchema } from './role-schemas.ts'

export const createRole = defineOperation({
  id: 'createRole',
  refuses: ['exists'],
  method: 'POST',
  path: '/roles',
  summary: 'Adds a role.',
  body: newRoleSchema,
  answer: changeOf(roleSchema),
  handle: ({ body: { name, ...fields } }, context) =>
    makeChange(
      {
        ...changeOfRole(name, 'role.create'),
        write: async (before, transaction) => {
          if (before) throw new ConsoleRefused('exists')
          await saveRole(name, fields, transaction)
        },
      },
      context,
    ),
})

export const changeRole = defineOperation({
  id: 'changeRole',
  method: 'PATCH',
  path: '/roles/{role}',
  summary: 'Changes what a role may: MCP servers, tools, rate and cost limits.',
  versioned: true,
  params: ofRole,
  body: roleChangeSchema,
  answer: changeOf(roleSchema),
  handle: ({ params: { role: name }, body }, context) =>
    makeChange(
      {
        ...changeOfRole(name, 'role.change'),
        write: async (_before, transaction) => {
          const before = await findRole(name, transaction)
          await saveRole(name, mergeGiven<RoleFields>(before, body), transaction)
        },
        announce: () => listAnnouncements(name, body),
      },
      context,
    ),
})

export const deleteRole = defineOperation({
  id: 'deleteRole',
  refuses: ['in_use'],
  method: 'DELETE',
  path: '/roles/{role}',
  summary: 'Deletes a role that no user has, and its welcome text.',
  params: ofRole,
  answer: changeOf(roleSchema),
  handle: ({ params: { role: name } }, context) =>
    makeChange(
      {
        ...changeOfRole(name, 'role.delete'),
        write: async (_before, transaction) => {
          const { users } = await findRole(name, transaction)
          if (await removeRole(name, transaction)) return
          throw new ConsoleRefused('in_use', { text: `${users} users have this role.`, fields: { users } })
        },
      },
      context,
    ),
})

const changeOfRole = (name: string, action: ChangeAction): Omit<Change<Role>, 'write'> => ({
  action,
  target: { type: 'role', id: name },
  read: async (transaction) => (await loadRole(name, transaction)) ?? null,
  announce: () => [],
})

function listAnnouncements(role: string, given: object): Announcement[] {
  const ofLimits = new Set(['rate_limit', 'cost_limit_daily'])
  const hasLimits = Object.keys(given).some((field) => ofLimits.has(field))
  const hasMore = Object.keys(given).some((field) => !ofLimits.has(field))
  return [
    ...(hasMore ? [{ role, change: 'permissions' as const }] : []),
    ...(hasLimits ? [{ role, change: 'limits' as const }] : []),
  ]
}
