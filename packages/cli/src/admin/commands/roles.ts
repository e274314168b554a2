import { z } from 'zod'
import { makeUsageError, OperatorError } from '../../operator-error.ts'
import type { AdminApi } from '../admin-api.ts'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command, type CommandInput } from '../command.ts'
import { describeDifference } from '../describe-difference.ts'
import { formatTable } from '../format-table.ts'
import { parseNumber } from '../parse-duration.ts'
import { readGivenFile } from '../read-given-file.ts'

const rolesSchema = z.looseObject({
  items: z.array(z.looseObject({ name: z.string() })),
})

const list: Command = {
  usage: 'roles',
  summary: 'every role and its permissions',
  run: async (_input, api) => {
    const answer = await api.call('GET', '/roles', { answer: rolesSchema })
    const names = ['name', 'users', 'rate_limit', 'cost_limit_daily', 'mcp_access', 'tool_restrictions']
    return {
      answer,
      lines: formatTable([names, ...answer.items.map((role) => names.map((name) => role[name]))]),
    }
  },
}

const set: Command = {
  usage: 'roles set <role>',
  summary: 'add a role, or change one; what is not given stays',
  options: {
    'mcp-access': { type: 'string' },
    'tool-restrictions': { type: 'string' },
    'rate-limit': { type: 'string' },
    'cost-limit-daily': { type: 'string' },
    'token-expiry': { type: 'string' },
    description: { type: 'string' },
  },
  flags:
    '  --mcp-access LIST   names of MCP servers, separated by commas; * is all, none is none\n' +
    '  --tool-restrictions FILE  with JSON such as {"files": ["read_*"]}, - for stdin; none: no restriction\n' +
    '  --rate-limit N      requests a minute; here and below `none` takes the limit away\n' +
    '  --cost-limit-daily USD  in a UTC day\n' +
    '  --token-expiry SECONDS  life of an access token\n' +
    '  --description TEXT  for operators\n' +
    'A new role needs --rate-limit and --cost-limit-daily; it has no MCP servers unless they are given.\n',
  run: async (input, api) => {
    const [name = ''] = input.words
    const body = await readFields(input)
    if (Object.keys(body).length === 0)
      throw makeUsageError('say what to set (npm run admin -- roles set --help lists the options)')
    const isThere = await hasRole(name, api)
    if (!isThere) requireLimits(name, body)
    const answer = isThere
      ? await api.call('PATCH', `/roles/${encodeURIComponent(name)}`, { answer: changeAnswer, body })
      : await api.call('POST', '/roles', { answer: changeAnswer, body: { name, ...body } })
    const done = describeChange(`the role ${name} is ${isThere ? 'changed' : 'added'}`, answer)
    return { answer, lines: [...done, ...describeDifference(answer)] }
  },
}

const remove: Command = {
  usage: 'roles delete <role>',
  summary: 'delete a role that no user has',
  run: async ({ words: [name = ''] }, api) => {
    const answer = await api.call('DELETE', `/roles/${encodeURIComponent(name)}`, { answer: changeAnswer })
    return { answer, lines: describeChange(`the role ${name} is deleted`, answer) }
  },
}

const previewSchema = z.looseObject({
  servers: z.array(
    z.looseObject({
      server: z.string(),
      reason: z.string().nullable(),
      tools: z.array(z.looseObject({ tool: z.string(), permitted: z.boolean(), rule: z.string() })),
    }),
  ),
})

const preview: Command = {
  usage: 'roles tools <role>',
  summary: 'which tools a role is offered, and the rule that decides each',
  run: async ({ words: [name = ''] }, api) => {
    const role = await api.call('GET', `/roles/${encodeURIComponent(name)}`, {
      answer: z.looseObject({ mcp_access: z.array(z.string()).nullable(), tool_restrictions: z.unknown() }),
    })
    const body = { mcp_access: role.mcp_access, tool_restrictions: role.tool_restrictions }
    const answer = await api.call('POST', '/roles/preview', { answer: previewSchema, body })
    const rows = answer.servers.flatMap(({ server, tools }) =>
      tools.map(({ tool, permitted, rule }) => [server, tool, permitted ? 'yes' : 'no', rule]),
    )
    const unknown = answer.servers.filter(({ reason }) => reason !== null)
    const lines = formatTable([['server', 'tool', 'offered', 'rule'], ...rows])
    return { answer, lines: [...lines, ...unknown.map(({ server, reason }) => `${server}: ${reason}`)] }
  },
}

async function hasRole(name: string, api: AdminApi): Promise<boolean> {
  const { items } = await api.call('GET', '/roles', { answer: rolesSchema })
  return items.some((role) => role.name === name)
}

function requireLimits(name: string, body: Record<string, unknown>): void {
  if ('rate_limit' in body && 'cost_limit_daily' in body) return
  throw new OperatorError(
    `there is no role ${name} yet; to add it, give --rate-limit and --cost-limit-daily, each a number or none`,
  )
}

/** The fields of the API that are given. */
async function readFields(input: CommandInput): Promise<Record<string, unknown>> {
  const text = (flag: string) => textOf(input, flag)
  const [servers, restrictions, description] = [
    text('mcp-access'),
    text('tool-restrictions'),
    text('description'),
  ]
  return {
    ...(servers === undefined ? {} : { mcp_access: readNames(servers) }),
    ...(restrictions === undefined ? {} : { tool_restrictions: await readRestrictions(restrictions, input) }),
    ...readNumber('rate-limit', 'rate_limit', input),
    ...readNumber('cost-limit-daily', 'cost_limit_daily', input),
    ...readNumber('token-expiry', 'token_expiry', input),
    ...(description === undefined ? {} : { description }),
  }
}

const readNames = (given: string): string[] =>
  given === 'none'
    ? []
    : given
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== '')

function readNumber(flag: string, field: string, input: CommandInput): Record<string, number | null> {
  const given = textOf(input, flag)
  if (given === undefined) return {}
  return { [field]: given === 'none' ? null : parseNumber(`--${flag}`, given) }
}

async function readRestrictions(file: string, input: CommandInput): Promise<unknown> {
  if (file === 'none') return {}
  const flag = '--tool-restrictions'
  if (file.trimStart().startsWith('{'))
    throw makeUsageError(`${flag}: name a file with the JSON, or - for stdin`)
  const content = await readGivenFile(flag, file, input)
  try {
    return JSON.parse(content)
  } catch {
    throw makeUsageError(`${flag} ${file}: must hold JSON, such as {"files": ["read_*"]}`)
  }
}

/** Commands about roles; the longer name comes before the one that it begins with. */
export const roleCommands: readonly Command[] = [set, remove, preview, list]
