import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { makeUsageError, OperatorError } from '../../operator-error.ts'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command, type CommandInput } from '../command.ts'
import { formatTable } from '../format-table.ts'
import { parseNumber } from '../parse-duration.ts'

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

const add: Command = {
  usage: 'mcp add <name> [url]',
  summary: 'add an MCP server: at a URL, or with --stdio the one that workers run by that name',
  options: {
    stdio: { type: 'boolean' },
    auth: { type: 'string' },
    'auth-config': { type: 'string' },
    timeout: { type: 'string' },
    description: { type: 'string' },
  },
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
  summary: 'have a worker ask an MCP server for its tools',
  run: async ({ words: [name = ''] }, api) => {
    const answer = await api.call('POST', `${pathOf(name)}/test`, { answer: foundSchema })
    const { tools, notes, reason } = answer.after
    if (reason !== null) throw new OperatorError(`${name}: ${reason}`)
    const offered = `${name} offers ${tools.length} tools: ${tools.join(', ')}`
    return { answer, lines: [offered, ...(notes.length > 0 ? ['', ...formatNotes(notes)] : [])] }
  },
}

/** Its text is never shown: it holds secrets, and so it is no argument either. */
async function readAuthConfig(file: string, { folder }: Pick<CommandInput, 'folder'>): Promise<unknown> {
  if (file.trimStart().startsWith('{'))
    throw makeUsageError(
      '--auth-config: a command line can be read by others; name a file with it, or - for stdin',
    )
  const content = await (file === '-' ? text(process.stdin) : readFile(resolve(folder, file), 'utf8')).catch(
    () => {
      throw makeUsageError(`--auth-config ${file}: the file cannot be read`)
    },
  )
  try {
    return JSON.parse(content)
  } catch {
    throw makeUsageError('--auth-config: must hold JSON, such as {"token": "…"}')
  }
}

/** Tools that are offered otherwise than their server describes them, or not at all, and why. */
function formatNotes(notes: readonly z.infer<typeof noteSchema>[]): string[] {
  const names = ['tool', 'state', 'offered_as', 'why']
  return formatTable([names, ...notes.map((note) => names.map((name) => note[name]))])
}

/** Commands about MCP servers. */
export const mcpCommands: readonly Command[] = [list, add, remove, test]
