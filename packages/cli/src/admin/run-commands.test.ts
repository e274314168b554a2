import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { limitCommands } from './commands/limits.ts'
import { accountCommands } from './commands/accounts.ts'
import { mcpCommands } from './commands/mcp.ts'
import { priceCommands } from './commands/prices.ts'
import { promptCommands } from './commands/prompts.ts'
import { roleCommands } from './commands/roles.ts'
import { settingCommands } from './commands/settings.ts'
import { userCommands } from './commands/users.ts'
import { runCommands } from './run-commands.ts'

const script = {
  name: 'admin',
  commands: [
    ...userCommands,
    ...accountCommands,
    ...roleCommands,
    ...limitCommands,
    ...priceCommands,
    ...settingCommands,
    ...promptCommands,
    ...mcpCommands,
  ],
}

/** Nothing listens there: a command whose arguments are good fails with that error. */
const deps = { folders: { root: '/clone', current: '/clone' }, env: { ADMIN_TOKEN: 'token' } }
const run = (...args: string[]) => runCommands(script, [...args, '--url', 'http://127.0.0.1:1'], deps)

test.each([
  [['nope'], 'no such command: nope (npm run admin -- --help lists them)'],
  [
    ['mcp', 'nope'],
    'which one: mcp list, mcp add, mcp set, mcp enable, mcp disable, mcp remove, mcp test, mcp call? (npm run admin -- --help lists them)',
  ],
  [['--nope'], 'a command comes before --nope (npm run admin -- --help lists them)'],
  [['--json', 'nope'], 'no such command: nope (npm run admin -- --help lists them)'],
  [['block'], 'usage: npm run admin -- block <user>'],
  [['role', '3'], 'usage: npm run admin -- role <user> <role>'],
  [['rate', '3', 'fast'], '<requests> fast: must be a number from 0 on'],
  [['users', 'a', 'b'], 'usage: npm run admin -- users [search]'],
  [['block', '3', '--nope'], "Unknown option '--nope' (npm run admin -- block --help lists the options)"],
  [['monitor', '3', '--for', 'ever'], '--for ever: must be a time such as 90s, 10m or 2h'],
  [['limits', '3', '--max-cost', 'much'], '--max-cost much: must be a number from 0 on'],
  [
    ['limits', '3', '--max-cost', '-1'],
    "Option '--max-cost' argument is ambiguous (npm run admin -- limits --help lists the options)",
  ],
  [['limits', '3', '--none', '--max-requests', '4'], '--none: takes all limits away, give it alone'],
  [['limits', 'default', '--concurrent', 'few'], '--concurrent few: must be a number from 0 on'],
  [['prices', 'set', 'm'], 'say what it costs: --input, --output, --cache-read and --cache-write'],
  [['prices', 'set', 'm', '--input', 'cheap'], '--input cheap: must be a number from 0 on'],
  [['prompts', 'set'], 'give the text, or --file with it'],
  [['prompts', 'set', '--file', 'none.txt'], '--file none.txt: the file cannot be read'],
  [['mcp', 'set', 'a'], 'say what to change: the url, --timeout, --description, --auth or --auth-config'],
  [['welcome', 'set', 'Hi', '--role', 'a', '--for', '3'], '--role and --for: only one of them'],
  [
    ['mcp', 'add', 'a', 'https://x', '--auth-config', '{"token": "s3cret"}'],
    '--auth-config: a command line can be read by others; name a file with it, or - for stdin',
  ],
  [
    ['mcp', 'add', 'a', 'https://x', '--auth-config', 'none.json'],
    '--auth-config none.json: the file cannot be read',
  ],
  [
    ['mcp', 'add', 'a', 'https://x', '--auth-config', fileURLToPath(import.meta.url)],
    '--auth-config: must hold JSON, such as {"token": "…"}',
  ],
  [['roles', 'nope'], 'usage: npm run admin -- roles'],
  [['roles', 'set', 'x'], 'say what to set (npm run admin -- roles set --help lists the options)'],
  [['roles', 'set', 'x', '--rate-limit', 'fast'], '--rate-limit fast: must be a number from 0 on'],
  [
    ['roles', 'set', 'x', '--tool-restrictions', '{"files": []}'],
    '--tool-restrictions: name a file with the JSON, or - for stdin',
  ],
  [
    ['roles', 'set', 'x', '--tool-restrictions', fileURLToPath(import.meta.url)],
    `--tool-restrictions ${fileURLToPath(import.meta.url)}: must hold JSON, such as {"files": ["read_*"]}`,
  ],
  [
    ['create-user', 'x', '--generate', '--password-stdin'],
    '--generate and --password-stdin: only one of them',
  ],
  [
    ['create-user', 'x', '--password', 's3cret'],
    '--password: a command line can be read by others; set OMNI2_NEW_PASSWORD, or leave it out to be asked for it',
  ],
  [
    ['roles', '--password', 's3cret'],
    '--password: a command line can be read by others; set OMNI2_PASSWORD, or leave it out to be asked for it',
  ],
])('%j is refused with one line', async (args, message) => {
  await expect(run(...args)).rejects.toMatchObject({ message, exitCode: 2 })
})

test.each([
  [['block', '3', '--reason', 'x']],
  [['unblock', '3']],
  [['--user', 'ada', '--json', '--data=x', 'unblock', '3']],
  [['rate', '3', 'none']],
  [['limits', '3', '--max-cost', 'none']],
  [['limits', 'default']],
  [['prices']],
  [['prices', 'remove', 'm']],
  [['create-user', 'x', '--generate', '--role', 'user']],
  [['set-password', '3', '--generate']],
  [['invite', '3', '--hours', '5']],
  [['uninvite', '3']],
  [['delete-user', '3']],
  [['roles']],
  [['roles', 'delete', 'x']],
  [['roles', 'set', 'x', '--mcp-access', 'none']],
  [['welcome', 'list']],
  [['mcp', 'disable', 'a']],
])('%j is understood', async (args) => {
  await expect(run(...args)).rejects.toMatchObject({
    message: 'nothing answers at http://127.0.0.1:1; start it with: npm start',
    exitCode: 1,
  })
})

test('an address that is none is refused', async () => {
  const bad = runCommands(script, ['roles', '--url', 'chat.example.org'], deps)
  await expect(bad).rejects.toMatchObject({ message: '--url: must be an http or https URL', exitCode: 2 })
})
