import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { exists } from '../process/exists.ts'
import type { Log } from '../running-server.ts'
import { ServerStartError } from '../server-errors.ts'
import type { Account } from './postgres-account.ts'

const run = promisify(execFile)

/** Not the name of a schema: `search_path` begins with the schema named like the user and would hide mistakes. */
export const superuser = 'omni2_admin'

export interface InitClusterOptions {
  readonly cluster: string
  /** Holds bin, lib and share. */
  readonly folder: string
  readonly account: Account | undefined
  readonly password: string
  readonly log: Log
}

/** Makes the cluster unless it is there; an interrupted attempt leaves nothing that counts as one. */
export async function initCluster(options: InitClusterOptions): Promise<void> {
  const { cluster, log } = options
  if (await exists(join(cluster, 'PG_VERSION'))) return
  log('creating a Postgres data folder')
  const unfinished = `${cluster}.new`
  await rm(unfinished, { recursive: true, force: true })
  await makePrivateFolder(unfinished, options.account)
  await runInitdb(unfinished, options)
  await rename(unfinished, cluster)
}

async function makePrivateFolder(folder: string, account: Account | undefined) {
  await mkdir(folder)
  await chmod(folder, 0o700)
  if (account) await chown(folder, account.uid, account.gid)
}

async function runInitdb(cluster: string, { folder, account, password }: InitClusterOptions) {
  const passwordFile = `${cluster}.password`
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account) await chown(passwordFile, account.uid, account.gid)
  const login = [`--username=${superuser}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  const args = ['-D', cluster, '--encoding=UTF8', ...localeArguments(), ...login]
  const options = { ...account, cwd: cluster, env: { PATH: '/usr/bin:/bin' } }
  try {
    await run(join(folder, 'bin', 'initdb'), args, options)
  } catch (cause) {
    throw new ServerStartError('postgres', 'initdb failed', String(cause), { cause })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** macOS has no C.UTF-8: its rules for characters come from a language, the order stays that of bytes. */
function localeArguments(): string[] {
  return process.platform === 'darwin' ? ['--locale=en_US.UTF-8', '--lc-collate=C'] : ['--locale=C.UTF-8']
}
