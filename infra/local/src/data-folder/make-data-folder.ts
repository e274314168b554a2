import { chmod, mkdir } from 'node:fs/promises'
import { type DataFolder, nameDataFolder } from '@omni2/cli/data-folder'
import { OperatorError } from '@omni2/cli/operator-error'
import { makeFolder } from '@omni2/local-servers'

/** Creates the missing parts of the folder. Other accounts may pass through to the servers' folders, but cannot list it. */
export async function makeDataFolder(path: string): Promise<DataFolder> {
  const folder = nameDataFolder(path)
  try {
    await makeFolder(path)
    for (const own of [folder.logs, folder.processes, folder.compileCache]) await makeOwnFolder(own)
  } catch (cause) {
    throw new OperatorError(`the data folder cannot be made: ${String(cause)}`, { cause })
  }
  return folder
}

async function makeOwnFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  await chmod(path, 0o700)
}
