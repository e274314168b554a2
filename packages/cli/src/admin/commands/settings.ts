import { z } from 'zod'
import { makeUsageError } from '../../operator-error.ts'
import type { AdminApi } from '../admin-api.ts'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command, type CommandInput } from '../command.ts'
import { findUser } from '../find-user.ts'
import { formatTable } from '../format-table.ts'

const welcomesSchema = z.looseObject({
  items: z.array(
    z.looseObject({ scope: z.string(), target: z.string().nullable(), welcome_message: z.string() }),
  ),
})

const welcomeList: Command = {
  usage: 'welcome list',
  summary: 'welcome texts and who gets them',
  run: async (_input, api) => {
    const answer = await api.call('GET', '/welcomes?limit=200', { answer: welcomesSchema })
    const rows = answer.items.map(({ scope, target, welcome_message }) => [scope, target, welcome_message])
    return { answer, lines: formatTable([['for', 'whom', 'text'], ...rows]) }
  },
}

const audienceOptions = { role: { type: 'string' }, for: { type: 'string' } } as const
const audienceFlags = '  --role NAME         of that role\n  --for USER          of that user\n'

const welcomeSet: Command = {
  usage: 'welcome set <text>',
  summary: 'set the welcome text of all users, of a role or of a user',
  options: audienceOptions,
  flags: audienceFlags,
  run: async (input, api) => {
    const body = { welcome_message: input.words[0] ?? '' }
    const answer = await api.call('PUT', await findAudience(input, api), { answer: changeAnswer, body })
    return { answer, lines: describeChange('the text is set', answer) }
  },
}

const welcomeRemove: Command = {
  usage: 'welcome remove',
  summary: 'remove the welcome text of a role or a user; then the next wider text applies',
  options: audienceOptions,
  flags: audienceFlags,
  run: async (input, api) => {
    const path = await findAudience(input, api)
    if (path.endsWith('/default')) throw makeUsageError('welcome remove: needs --role or --for')
    const answer = await api.call('DELETE', path, { answer: changeAnswer })
    return { answer, lines: describeChange('the text is gone', answer) }
  },
}

async function findAudience(input: CommandInput, api: AdminApi): Promise<string> {
  const [role, user] = [textOf(input, 'role'), textOf(input, 'for')]
  if (role !== undefined && user !== undefined) throw makeUsageError('--role and --for: only one of them')
  if (role !== undefined) return `/welcomes/roles/${encodeURIComponent(role)}`
  return user === undefined ? '/welcomes/default' : `/welcomes/users/${await findUser(user, api)}`
}

/** Commands about welcome texts. */
export const settingCommands: readonly Command[] = [welcomeList, welcomeSet, welcomeRemove]
