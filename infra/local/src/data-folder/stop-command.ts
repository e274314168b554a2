import { chooseDataFolder } from '@omni2/cli/choose-data-folder'
import { quoteForShell } from '../output/quote-for-shell.ts'

/** The command, typed in the clone, that stops what runs on a data folder. */
export function stopCommand(path: string, { root }: { root: string }): string {
  const isDefault = path === chooseDataFolder(undefined, { root, current: root })
  return isDefault ? 'npm stop' : `npm stop -- --data ${quoteForShell(path)}`
}
