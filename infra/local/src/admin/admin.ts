import type { Environment } from '@omni2/service-kit'
import type { Folders } from '../options/choose-data-folder.ts'
import { limitCommands } from './commands/limits.ts'
import { mcpCommands } from './commands/mcp.ts'
import { promptCommands } from './commands/prompts.ts'
import { settingCommands } from './commands/settings.ts'
import { turnCommands } from './commands/turns.ts'
import { userCommands } from './commands/users.ts'
import { runCommands } from './run-commands.ts'

/** `npm run admin`: resolves to the exit code. */
export const admin = (
  args: readonly string[],
  deps: { folders: Folders; env: Environment },
): Promise<number> =>
  runCommands(
    {
      name: 'admin',
      commands: [
        ...userCommands,
        ...limitCommands,
        ...settingCommands,
        ...promptCommands,
        ...mcpCommands,
        ...turnCommands,
      ],
    },
    args,
    deps,
  )
