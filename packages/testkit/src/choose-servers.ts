import { join } from 'node:path'
import {
  findServer,
  hasDockerEngine,
  type Log,
  openNats,
  openPostgres,
  openRedis,
} from '@omni2/local-servers'
import { canRunContainers, openPostgresContainer, openRedisContainer, type TestServer } from './containers.ts'
import type { NatsChoice } from './test-run.ts'
import type { TestSettings } from './test-settings.ts'

export interface TestServers {
  readonly openPostgres: () => Promise<TestServer>
  readonly openRedis: () => Promise<TestServer>
  readonly findNats: () => Promise<NatsChoice>
}

interface Place {
  readonly folder: string
  readonly log: Log
}

/** Decides for each server: the given URL, else a container where Docker answers, else one on this machine. */
export async function chooseServers(settings: TestSettings, { folder, log }: Place): Promise<TestServers> {
  const { databaseUrl, natsUrl, redisUrl } = settings
  const local = localServers(settings, { folder, log })
  const contained = (await wantContainers(settings, { log })) ? containers() : local
  return {
    openPostgres: databaseUrl === undefined ? contained.openPostgres : local.openPostgres,
    openRedis: redisUrl === undefined ? contained.openRedis : local.openRedis,
    findNats: natsUrl === undefined ? contained.findNats : () => findGivenNats(natsUrl, { folder, log }),
  }
}

async function wantContainers({ servers }: TestSettings, { log }: { log: Log }): Promise<boolean> {
  if (servers === 'local') return false
  const refusal = (await hasDockerEngine()) ? await canRunContainers({ log }) : 'no Docker engine answers'
  if (refusal === undefined) return true
  if (servers === 'containers')
    throw new Error(`TEST_SERVERS=containers, but ${refusal}; start Docker or unset it`)
  log(`${refusal}: using servers on this machine`)
  return false
}

/** Durability costs time, and no test cuts the power. */
const fast = { fsync: 'off', full_page_writes: 'off' }

function localServers({ databaseUrl, redisUrl }: TestSettings, { folder, log }: Place): TestServers {
  return {
    openPostgres: () =>
      openPostgres({ url: databaseUrl, dataDir: join(folder, 'postgres'), settings: fast, log }),
    openRedis: () => openRedis({ url: redisUrl, dataDir: join(folder, 'redis'), log }),
    findNats: async () => {
      await findServer('nats-server', { log })
      return { from: 'local' }
    },
  }
}

async function findGivenNats(url: string, { folder, log }: Place): Promise<NatsChoice> {
  await openNats({ url, dataDir: folder, config: '', log })
  return { from: 'given', url }
}

function containers(): TestServers {
  return {
    openPostgres: () => openPostgresContainer(),
    openRedis: () => openRedisContainer(),
    findNats: async () => ({ from: 'container' }),
  }
}
