import type { Log } from '../running-server.ts'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { containerCommand, containerName } from '../resolve-server/container-command.ts'
import { removeContainer } from '../resolve-server/docker-engine.ts'
import { exists } from '../process/exists.ts'
import { makeFolder } from '../process/make-folder.ts'
import { stopLeftover } from '../process/process-record.ts'
import { readOrMakePassword } from '../read-password.ts'
import { ServerStartError } from '../server-errors.ts'
import { chooseBase } from './choose-base.ts'
import type { EmbeddedPostgres, FoundPostgres } from './find-postgres.ts'
import { initCluster, superuser } from './init-cluster.ts'
import { placeBinaries } from './place-binaries.ts'
import { tieOutsideFolder } from './tie-outside-folder.ts'
import { findAccount } from './postgres-account.ts'
import { clearDeadPostmaster } from './clear-dead-postmaster.ts'

export interface OpenPostgresOptions {
  /** An address to use instead of starting a server. */
  readonly url?: string | undefined
  /** Holds the cluster, its password and the log, unless root's unprivileged account cannot get there. */
  readonly dataDir: string
  readonly port?: number | undefined
  /** Names the folder under /var/lib/omni2-chat that is used in that case; default: the data folder's path. */
  readonly hashSeed?: string | undefined
  /** Postgres settings on top of the defaults, for example `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>> | undefined
  readonly log: Log
  readonly signal?: AbortSignal | undefined
}

interface PrepareOptions extends OpenPostgresOptions {
  readonly port: number
  readonly stopDeadlineMs: number
}

const defaultSettings: Readonly<Record<string, string>> = {
  max_connections: '200',
  shared_preload_libraries: 'pg_stat_statements',
  // A day is the UTC calendar day everywhere.
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** Ends what an earlier start left, makes the cluster when there is none, and composes the command. */
export async function preparePostgres(found: FoundPostgres, options: PrepareOptions) {
  return found.source === 'embedded'
    ? prepareEmbedded(found, options)
    : prepareContainer(found.image, options)
}

async function prepareEmbedded(found: EmbeddedPostgres, options: PrepareOptions) {
  const account = await findAccount()
  const { base, notes } = await chooseBase(options, { account })
  if (base !== options.dataDir) await tieOutsideFolder({ dataDir: options.dataDir, base }, options)
  const shared = await prepareBase(base, options)
  const cluster = join(base, 'cluster')
  const folder = account ? await placeBinaries(found) : found.folder
  await initCluster({ cluster, folder, account, password: shared.password, log: options.log })
  await clearDeadPostmaster(cluster)
  const settings = {
    ...defaultSettings,
    ...options.settings,
    unix_socket_directories: '',
    listen_addresses: '127.0.0.1',
  }
  return {
    ...shared,
    notes,
    command: join(folder, 'bin', 'postgres'),
    args: ['-D', cluster, '-p', String(options.port), ...settingArguments(settings)],
    cwd: cluster,
    // Nothing of the launcher's environment: PGOPTIONS and the like would change the server.
    env: { PATH: '/usr/bin:/bin' },
    account,
  }
}

async function prepareContainer(image: string, options: PrepareOptions) {
  const name = containerName('postgres', options.dataDir)
  const shared = await prepareBase(options.dataDir, options)
  const data = join(options.dataDir, 'container')
  await removeContainer(name)
  await mkdir(data, { recursive: true })
  const command = containerCommand({
    image,
    name,
    ports: { 5432: options.port },
    mounts: { '/var/lib/postgresql': data, '/run/password': shared.passwordFile },
    variables: { POSTGRES_USER: superuser, POSTGRES_PASSWORD_FILE: '/run/password' },
    args: settingArguments({ ...defaultSettings, ...options.settings }),
  })
  return { ...shared, ...command, notes: [], cleanUp: () => removeContainer(name) }
}

async function prepareBase(base: string, { stopDeadlineMs, log }: PrepareOptions) {
  await makeFolder(base)
  const recordFile = join(base, 'postgres.process.json')
  const leftover = await stopLeftover(recordFile, { signal: 'SIGINT', deadlineMs: stopDeadlineMs })
  if (leftover) log(`stopped the ${leftover} that an earlier start left`)
  const passwordFile = join(base, 'postgres.password')
  if ((await exists(join(base, 'cluster'))) && !(await exists(passwordFile))) throw passwordLost(base)
  const password = await readOrMakePassword(passwordFile)
  return { recordFile, passwordFile, password, logFile: join(base, 'postgres.log') }
}

function passwordLost(base: string): ServerStartError {
  const reason = `${base} holds a cluster but not its postgres.password; put that file back, or remove the folder`
  return new ServerStartError('postgres', reason)
}

function settingArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
