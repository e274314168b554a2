import type { Environment } from '@omni2/service-kit'
import { bootstrap } from '../bootstrap/bootstrap.ts'
import type { Folders } from '../options/choose-data-folder.ts'
import { readEnvironment } from '../options/read-environment.ts'
import { accountCommands } from './commands/accounts.ts'
import { limitCommands } from './commands/limits.ts'
import { mcpCommands } from './commands/mcp.ts'
import { priceCommands } from './commands/prices.ts'
import { promptCommands } from './commands/prompts.ts'
import { roleCommands } from './commands/roles.ts'
import { settingCommands } from './commands/settings.ts'
import { systemCommands } from './commands/system.ts'
import { turnCommands } from './commands/turns.ts'
import { userCommands } from './commands/users.ts'
import { runCommands } from './run-commands.ts'

const commands = [
  ...userCommands,
  ...accountCommands,
  ...roleCommands,
  ...limitCommands,
  ...priceCommands,
  ...settingCommands,
  ...promptCommands,
  ...mcpCommands,
  ...turnCommands,
  ...systemCommands,
]

/** Part of the help: the commands before there is a user to log in as. */
const firstDay = `first day, on a database of your own (npm start without one has its demo users):
  bootstrap <username>  make the first administrator; needs only DATABASE_URL, and no service that runs
`

/** `npm run admin`: resolves to the exit code. */
export async function admin(
  args: readonly string[],
  deps: { folders: Folders; env: Environment },
): Promise<number> {
  if (args[0] !== 'bootstrap') return runCommands({ name: 'admin', firstDay, commands }, args, deps)
  return bootstrap(args.slice(1), { env: await readEnvironment(deps.folders.root, deps.env) })
}
