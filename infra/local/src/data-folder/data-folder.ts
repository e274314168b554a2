import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '@omni2/local-servers'
import { OperatorError } from '../../../../packages/cli/src/operator-error.ts'

/** Where everything of one `npm start` lies. */
export interface DataFolder {
  readonly path: string
  /** Which start runs here, or ran last. */
  readonly stateFile: string
  readonly secretsFile: string
  /** Addresses of the edges, for the gateway. */
  readonly edgesFile: string
  /** How many processes `npm run scale` asks for. */
  readonly scaleFile: string
  readonly logs: string
  /** A record of each running service, for the start after a crash. */
  readonly processes: string
  /** Node's cache of compiled code: services start three times as fast. */
  readonly compileCache: string
}

export function nameDataFolder(path: string): DataFolder {
  return {
    path,
    stateFile: join(path, 'state.json'),
    secretsFile: join(path, 'secrets.json'),
    edgesFile: join(path, 'edges'),
    scaleFile: join(path, 'scale.json'),
    logs: join(path, 'logs'),
    processes: join(path, 'processes'),
    compileCache: join(path, 'compile-cache'),
  }
}

/** Makes what is missing of the folder; others may pass through to the servers' own folders, but see nothing of ours. */
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
