import { z } from 'zod'
import { makeUsageError, OperatorError } from '../../operator-error.ts'
import type { AdminApi } from '../admin-api.ts'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command, type CommandInput, type CommandOutput } from '../command.ts'
import { describeDifference } from '../describe-difference.ts'
import { formatTable } from '../format-table.ts'
import { parseNumber } from '../parse-duration.ts'
import { readGivenFile } from '../read-given-file.ts'

const serversSchema = z.looseObject({ items: z.array(z.record(z.string(), z.unknown())) })

const pathOf = (name: string): string => `/mcp-servers/${encodeURIComponent(name)}`

const list: Command = {
  usage: 'mcp list',
  summary: 'every MCP server',
  run: async (_input, api) => {
    const answer = await api.call('GET', '/mcp-servers', { answer: serversSchema })
    const names = ['name', 'status', 'protocol', 'url', 'auth_type']
    return {
      answer,
      lines: formatTable([names, ...answer.items.map((server) => names.map((name) => server[name]))]),
    }
  },
}

/** What `mcp add` and `mcp set` take of a server. */
const settings = {
  auth: { type: 'string' },
  'auth-config': { type: 'string' },
  timeout: { type: 'string' },
  description: { type: 'string' },
} as const

const add: Command = {
  usage: 'mcp add <name> [url]',
  summary: 'add an MCP server: at a URL, or with --stdio the one that workers run by that name',
  options: { stdio: { type: 'boolean' }, ...settings },
  flags:
    '  --stdio             workers run it themselves\n' +
    '  --auth KIND         bearer, api_key, basic or headers\n' +
    '  --auth-config FILE  with JSON such as {"token": "…"}, - for stdin; is never shown again\n' +
    '  --timeout SECONDS   of a call\n  --description TEXT\n',
  run: async (input, api) => {
    const [name = '', url] = input.words
    const timeout = textOf(input, 'timeout')
    const auth = textOf(input, 'auth')
    const config = textOf(input, 'auth-config')
    const body = {
      name,
      url: url ?? null,
      protocol: input.flags['stdio'] === true ? 'stdio' : 'http',
      description: textOf(input, 'description') ?? null,
      ...(auth === undefined ? {} : { auth_type: auth }),
      ...(config === undefined ? {} : { auth_config: await readAuthConfig(config, input) }),
      ...(timeout === undefined ? {} : { timeout_seconds: parseNumber('--timeout', timeout) }),
    }
    const answer = await api.call('POST', '/mcp-servers', { answer: changeAnswer, body })
    return { answer, lines: describeChange(`${name} is added`, answer) }
  },
}

const set: Command = {
  usage: 'mcp set <name> [url]',
  summary: 'change what is given of an MCP server; the rest stays',
  options: settings,
  flags:
    '  --auth KIND         none, bearer, api_key, basic or headers\n' +
    '  --auth-config FILE  with JSON such as {"token": "…"}, - for stdin, `none` takes it away\n' +
    '  --timeout SECONDS   of a call\n  --description TEXT\n',
  run: async (input, api) => {
    const [name = '', url] = input.words
    const config = textOf(input, 'auth-config')
    const timeout = textOf(input, 'timeout')
    const body = {
      url,
      description: textOf(input, 'description'),
      timeout_seconds: timeout === undefined ? undefined : parseNumber('--timeout', timeout),
      auth_type: textOf(input, 'auth'),
      auth_config: config === undefined ? undefined : await readNewAuthConfig(config, input),
    }
    if (Object.values(body).every((value) => value === undefined))
      throw makeUsageError('say what to change: the url, --timeout, --description, --auth or --auth-config')
    return changeServer(name, body, `${name} is changed`, api)
  },
}

const enable: Command = {
  usage: 'mcp enable <name>',
  summary: 'let turns use an MCP server again',
  run: ({ words: [name = ''] }, api) =>
    changeServer(name, { status: 'active' }, `${name} is used from the next turn on`, api),
}

const disable: Command = {
  usage: 'mcp disable <name>',
  summary: 'stop turns from using an MCP server, and keep its settings',
  run: ({ words: [name = ''] }, api) =>
    changeServer(name, { status: 'inactive' }, `${name} is not used any more`, api),
}

const changedAnswer = changeAnswer.extend({ after: z.record(z.string(), z.unknown()) })

async function changeServer(name: string, body: object, done: string, api: AdminApi): Promise<CommandOutput> {
  const answer = await api.call('PATCH', pathOf(name), { answer: changedAnswer, body })
  // Credentials are masked, so a new one looks like the old one.
  const isSecret = 'auth_config' in body && body.auth_config != null
  const after = isSecret ? { ...answer.after, auth_config: 'as given' } : answer.after
  return { answer, lines: [...describeChange(done, answer), ...describeDifference({ ...answer, after })] }
}

const remove: Command = {
  usage: 'mcp remove <name>',
  summary: 'delete an MCP server',
  run: async ({ words: [name = ''] }, api) => {
    const answer = await api.call('DELETE', pathOf(name), { answer: changeAnswer })
    return { answer, lines: describeChange(`${name} is removed`, answer) }
  },
}

const noteSchema = z.record(z.string(), z.unknown())
const foundSchema = changeAnswer.extend({
  after: z.object({
    tools: z.array(z.string()),
    notes: z.array(noteSchema).default([]),
    reason: z.string().nullable(),
  }),
})

const test: Command = {
  usage: 'mcp test <name>',
  summary: 'let a worker fetch the tools of an MCP server',
  run: async ({ words: [name = ''] }, api) => {
    const answer = await api.call('POST', `${pathOf(name)}/test`, { answer: foundSchema })
    const { tools, notes, reason } = answer.after
    if (reason !== null) throw new OperatorError(`${name}: ${reason}`)
    const offered = `${name} offers ${tools.length} tools: ${tools.join(', ')}`
    return { answer, lines: [offered, ...(notes.length > 0 ? ['', ...formatNotes(notes)] : [])] }
  },
}

const calledSchema = changeAnswer.extend({
  after: z.looseObject({
    status: z.string(),
    content: z.string(),
    rule: z.string(),
    duration_ms: z.number(),
  }),
})

const call: Command = {
  usage: 'mcp call <name> <tool>',
  summary: 'call a tool as a model would, with your own rights',
  options: { arguments: { type: 'string' } },
  flags: '  --arguments JSON    such as \'{"text": "Hello"}\'; none without it\n',
  run: async (input, api) => {
    const [name = '', tool = ''] = input.words
    const given = readArguments(textOf(input, 'arguments') ?? '{}')
    const body = { tool, arguments: given }
    const answer = await api.call('POST', `${pathOf(name)}/call`, { answer: calledSchema, body })
    const { status, content, rule, duration_ms } = answer.after
    const by = rule === '' ? '' : `, by the rule ${rule}`
    return { answer, lines: [`${status} after ${Math.round(duration_ms)} ms${by}`, content] }
  },
}

function readArguments(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw makeUsageError('--arguments: must be JSON, such as {"text": "Hello"}')
  }
}

/** Null, written `none`: no credentials any more. */
const readNewAuthConfig = (file: string, input: CommandInput): Promise<unknown> =>
  file === 'none' ? Promise.resolve(null) : readAuthConfig(file, input)

/** Its text is never shown: it holds secrets, and so it is no argument either. */
async function readAuthConfig(file: string, input: CommandInput): Promise<unknown> {
  if (file.trimStart().startsWith('{'))
    throw makeUsageError(
      '--auth-config: a command line can be read by others; name a file with it, or - for stdin',
    )
  const content = await readGivenFile('--auth-config', file, input)
  try {
    return JSON.parse(content)
  } catch {
    throw makeUsageError('--auth-config: must hold JSON, such as {"token": "…"}')
  }
}

/** Tools that are offered in another form than their server describes, or not at all, with the reason. */
function formatNotes(notes: readonly z.infer<typeof noteSchema>[]): string[] {
  const names = ['tool', 'state', 'offered_as', 'why']
  return formatTable([names, ...notes.map((note) => names.map((name) => note[name]))])
}

/** Commands about MCP servers. */
export const mcpCommands: readonly Command[] = [list, add, set, enable, disable, remove, test, call]
