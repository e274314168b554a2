import { parseArgs } from 'node:util'
import type { Environment } from '@omni2/service-kit'
import { makeUsageError } from '../operator-error.ts'
import { chooseDataFolder, type Folders } from '../options/choose-data-folder.ts'
import { refuseSecretArguments, refusedOptions } from '../options/refuse-secret-arguments.ts'
import { makePrintable, makePrintableJson } from '../output/make-printable.ts'
import { newPasswordVariable } from '../passwords/choose-password.ts'
import { openAdminApi } from './admin-api.ts'
import type { Command } from './command.ts'
import { openAccess } from './open-access.ts'

/** A script of package.json that is made of commands. */
export interface Script {
  readonly name: string
  /** Printed before the commands. */
  readonly firstDay?: string
  readonly commands: readonly Command[]
}

interface Deps {
  readonly folders: Folders
  readonly env: Environment
}

const commonOptions = {
  url: { type: 'string' },
  user: { type: 'string', default: 'admin' },
  ...refusedOptions,
  data: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const commonUsage = `
  --url URL           the deployment (default: npm start of this clone, else http://127.0.0.1:8080)
  --user NAME         who does it (default admin)
  --data DIR          folder of npm start (default .omni2 in this clone)
  --json              print the answer as JSON
  --help              this text, after a command that command's

The password is asked for, or taken from OMNI2_PASSWORD; the demo users of npm start need none. ADMIN_TOKEN in the
environment is used instead of logging in.
`

/** Runs one command of a script; resolves to the exit code. */
export async function runCommands(script: Script, args: readonly string[], deps: Deps): Promise<number> {
  const found = findCommand(script, args)
  if (found === undefined) return print(describeScript(script))
  const { command, rest } = found
  const { values, positionals: words } = parseCommand(script, command, rest)
  if (values.help) return print(describeCommand(script, command))
  refuseSecretArguments(values, givesPassword(command) ? newPasswordVariable : undefined)
  checkWords(script, command, words)
  const dataFolder = chooseDataFolder(values.data, deps.folders)
  const { url, user } = values
  const password = deps.env['OMNI2_PASSWORD']
  const api = openAdminApi(await openAccess({ url, user, password, dataFolder }, deps))
  const { answer, lines } = await command.run(
    { words, flags: { ...values }, folder: deps.folders.current, env: deps.env },
    api,
  )
  return print(
    values.json ? `${makePrintableJson(answer)}\n` : lines.map((line) => `${makePrintable(line)}\n`).join(''),
  )
}

const givesPassword = ({ options = {} }: Command): boolean => 'password-stdin' in options

/** The command whose words the arguments begin with, after options of every command; undefined where help is asked for. */
function findCommand({ name, commands }: Script, given: readonly string[]) {
  const args = moveOptionsBehind(given)
  const [first] = args
  if (first === undefined || first === '--help' || first === '-h') return undefined
  const command = commands.find(({ usage }) => namesOf(usage).every((word, index) => args[index] === word))
  if (command === undefined)
    throw makeUsageError(`${describeUnknown(first, commands)} (npm run ${name} -- --help lists them)`)
  return { command, rest: args.slice(namesOf(command.usage).length) }
}

/** `--user ada users` as `users --user ada`. */
function moveOptionsBehind(args: readonly string[]): readonly string[] {
  let count = 0
  while (count < args.length) {
    const [, name = '', value] = /^--([a-z]+)(=.*)?$/.exec(args[count] ?? '') ?? []
    if (!isMovable(name)) break
    count += value === undefined && commonOptions[name].type === 'string' ? 2 : 1
  }
  return [...args.slice(count), ...args.slice(0, count)]
}

const isMovable = (name: string): name is keyof typeof commonOptions =>
  Object.hasOwn(commonOptions, name) && name !== 'help'

function describeUnknown(first: string, commands: readonly Command[]): string {
  if (first.startsWith('-')) return `a command comes before ${first}`
  const names = commands.map(({ usage }) => namesOf(usage).join(' '))
  const begun = names.filter((each) => each.startsWith(`${first} `))
  return begun.length > 0 ? `which one: ${begun.join(', ')}?` : `no such command: ${first}`
}

const namesOf = (usage: string): string[] => usage.split(' ').filter((word) => !/^[<[]/.test(word))
const wordsOf = (usage: string): string[] => usage.split(' ').filter((word) => /^[<[]/.test(word))

function parseCommand({ name }: Script, { options, usage }: Command, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...options, ...commonOptions },
      allowPositionals: true,
    })
  } catch (error) {
    const sentence = error instanceof Error ? error.message.split(/\.\s/)[0] : String(error)
    throw makeUsageError(
      `${sentence} (npm run ${name} -- ${namesOf(usage).join(' ')} --help lists the options)`,
    )
  }
}

function checkWords({ name }: Script, { usage }: Command, words: readonly string[]): void {
  const wanted = wordsOf(usage)
  const least = wanted.filter((word) => word.startsWith('<')).length
  if (words.length >= least && words.length <= wanted.length) return
  throw makeUsageError(`usage: npm run ${name} -- ${usage}`)
}

function describeScript({ name, firstDay, commands }: Script): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length))
  const rows = commands.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`)
  const before = firstDay === undefined ? '' : `${firstDay}\n`
  return `usage: npm run ${name} -- <command> [options]\n\n${before}${rows.join('\n')}\n${commonUsage}`
}

function describeCommand({ name }: Script, { usage, summary, flags = '' }: Command): string {
  return `usage: npm run ${name} -- ${usage} [options]\n\n${summary}\n${flags === '' ? '' : `\n${flags}`}${commonUsage}`
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
