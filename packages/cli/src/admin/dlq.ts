import type { Environment } from '@omni2/service-kit'
import type { Folders } from '../options/choose-data-folder.ts'
import { deadLetterCommands } from './commands/dead-letters.ts'
import { runCommands } from './run-commands.ts'

/** `npm run dlq`: resolves to the exit code. */
export const dlq = (args: readonly string[], deps: { folders: Folders; env: Environment }): Promise<number> =>
  runCommands({ name: 'dlq', commands: deadLetterCommands }, args, deps)
