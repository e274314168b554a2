import { join } from 'node:path'
import { makeNatsConfig } from '@omni2/contracts'
import {
  findFreePort,
  openNats,
  openPostgres,
  openRedis,
  type RunningServer,
  ServerMissingError,
} from '@omni2/local-servers'
import type { DataFolder } from '@omni2/cli/data-folder'
import type { Secrets } from '../data-folder/secrets.ts'
import type { StartConfig } from '../options/start-config.ts'
import type { Progress } from '../output/progress.ts'
import type { Supervisor } from '../supervise/supervisor.ts'

export interface Servers {
  readonly postgres: RunningServer
  readonly nats: RunningServer
  /** Absent where no Redis is available: each worker then counts rates in its memory. */
  readonly redis: RunningServer | undefined
}

interface ServerDeps {
  readonly folder: DataFolder
  readonly config: StartConfig
  readonly secrets: Secrets
  readonly supervisor: Supervisor
  readonly progress: Progress
}

/** Starts the servers that are not given, side by side; one that ends later is opened again on its port and data. */
export async function openServers(deps: ServerDeps): Promise<Servers> {
  const opening = [keepPostgres(deps), keepNats(deps), keepRedis(deps)] as const
  // All have settled before the first failure is thrown, so that the supervisor knows what it has to stop.
  await Promise.allSettled(opening)
  const [postgres, nats, redis] = await Promise.all(opening)
  return { postgres, nats, redis }
}

function keepPostgres({ folder, config, supervisor, progress }: ServerDeps): Promise<RunningServer> {
  return progress.step('postgres', async (log) => {
    const port = await findFreePort()
    const dataDir = join(folder.path, 'postgres')
    const open = (signal: AbortSignal) =>
      openPostgres({ url: config.DATABASE_URL, dataDir, hashSeed: folder.path, port, log, signal })
    return supervisor.keep('servers', { name: 'postgres', open })
  })
}

function keepNats({ folder, config, secrets, supervisor, progress }: ServerDeps): Promise<RunningServer> {
  return progress.step('nats-server', async (log) => {
    const port = await findFreePort()
    const dataDir = join(folder.path, 'nats')
    const natsConfig = makeNatsConfig(secrets.natsPasswords)
    const open = (signal: AbortSignal) =>
      openNats({ url: config.NATS_URL, dataDir, config: natsConfig, port, log, signal })
    return supervisor.keep('servers', { name: 'nats-server', open })
  })
}

function keepRedis({ folder, config, supervisor, progress }: ServerDeps): Promise<RunningServer | undefined> {
  return progress.step('redis-server', async (log) => {
    const port = await findFreePort()
    const dataDir = join(folder.path, 'redis')
    const open = (signal: AbortSignal) => openRedis({ url: config.REDIS_URL, dataDir, port, log, signal })
    try {
      return await supervisor.keep('servers', { name: 'redis-server', open })
    } catch (error) {
      if (!(error instanceof ServerMissingError)) throw error
      log(`${error.message}. Going on without it`)
      return undefined
    }
  })
}
