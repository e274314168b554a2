import { join } from 'node:path'
import { openPostgres } from '@omni2/local-servers'
import type { Environment } from '@omni2/service-kit'
import { nameDataFolder } from '@omni2/cli/data-folder'
import { readLiveState } from '@omni2/cli/run-state'
import { chooseDataFolder, type Folders } from '@omni2/cli/choose-data-folder'
import { readEnvironment } from '@omni2/cli/read-environment'
import { claimDataFolder } from './data-folder/claim-data-folder.ts'
import { makeDataFolder } from './data-folder/make-data-folder.ts'
import { checkGivenServers } from './given-servers/check-given-servers.ts'
import { readStartConfig } from './options/start-config.ts'
import { runChild } from './run-child.ts'

interface MigrateDeps {
  readonly folders: Folders
  readonly env: Environment
}

/**
 * `npm run migrate`: on the database of DATABASE_URL, else on the one of `npm start` in this clone, which is started
 * for the command where it does not run. Resolves to the exit code.
 */
export async function migrate(
  args: readonly string[],
  { folders, env: given }: MigrateDeps,
): Promise<number> {
  const env = await readEnvironment(folders.root, given)
  const config = readStartConfig(env)
  const { DATABASE_URL, NATS_URL } = config
  const servers = { ...config, REDIS_URL: undefined }
  if (args[0] === 'up' && args.length === 1) await checkGivenServers(servers, { progress: { say } })
  const runScript = (path: readonly string[], more: Environment) => {
    const options = { cwd: folders.root, env: { ...env, ...more } }
    return runChild(process.execPath, [join(folders.root, ...path), ...args], options)
  }
  const run = async (databaseUrl: string) => {
    const code = await runScript(['migrations', 'src', 'main.ts'], { DATABASE_URL: databaseUrl })
    if (code !== 0 || args[0] !== 'up' || NATS_URL === undefined) return code
    return runScript(['infra', 'local', 'src', 'streams', 'main.ts'], {})
  }
  if (DATABASE_URL !== undefined || !['up', 'down', 'status'].includes(args[0] ?? ''))
    return run(DATABASE_URL ?? '')
  const path = chooseDataFolder(undefined, folders)
  const live = await readLiveState(nameDataFolder(path).stateFile)
  if (live?.databaseUrl === undefined) return onStoppedDatabase(path, { root: folders.root, run })
  say(`no DATABASE_URL: using the database of the npm start that runs at ${live.url}`)
  return run(live.databaseUrl)
}

interface Command {
  readonly root: string
  readonly run: (databaseUrl: string) => Promise<number>
}

async function onStoppedDatabase(path: string, { root, run }: Command): Promise<number> {
  say(`no DATABASE_URL: using the database of npm start in ${path}, for this command only`)
  const folder = await makeDataFolder(path)
  await using _claim = await claimDataFolder(folder, { root, url: 'npm run migrate' })
  await using postgres = await openPostgres({
    dataDir: join(folder.path, 'postgres'),
    hashSeed: folder.path,
    log: (line) => say(`postgres: ${line}`),
  })
  return await run(postgres.url)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
