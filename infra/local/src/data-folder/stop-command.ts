import { chooseDataFolder } from '../../../../packages/cli/src/options/choose-data-folder.ts'
import { quoteForShell } from '../output/quote-for-shell.ts'

/** The command, typed in the clone, that stops what runs on a data folder. */
export function stopCommand(path: string, { root }: { root: string }): string {
  const isDefault = path === chooseDataFolder(undefined, { root, current: root })
  return isDefault ? 'npm stop' : `npm stop -- --data ${quoteForShell(path)}`
}
