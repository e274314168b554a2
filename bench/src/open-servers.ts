import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, type Database } from '@omni2/db'
import { openPostgres, openRedis, ServerMissingError } from '@omni2/local-servers'
import { migrateUp } from '@omni2/migrations'
import { openRates, type Rates } from '@omni2/rates'
import { openLogger } from '@omni2/service-kit'

export interface BenchServers extends AsyncDisposable {
  database: Database
  rates: Rates
}

/** Starts servers of their own, as durable as `npm start`'s; rates are counted in memory where there is no redis-server. */
export async function openServers(log: (line: string) => void): Promise<BenchServers> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'omni2-bench-')), (path) =>
    rm(path, { recursive: true, force: true }),
  )
  const postgres = stack.use(await openPostgres({ dataDir: join(folder, 'postgres'), log }))
  await migrateUp(postgres.url)
  const redisUrl = await openRedis({ dataDir: join(folder, 'redis'), log }).then(
    (redis) => stack.use(redis).url,
    (error: unknown) => {
      if (!(error instanceof ServerMissingError)) throw error
      log('no redis-server: rates are counted in memory')
      return undefined
    },
  )
  const quiet = openLogger({ name: 'bench', instance: 'bench', level: 'silent' })
  const rates = stack.use(await openRates({ redisUrl, log: quiet }))
  const database = stack.use(
    openDatabase({
      url: postgres.url,
      poolMax: 2,
      applicationName: 'bench',
      statementTimeoutMs: 10_000,
      preparedStatements: 100,
      onPoolError: (error) => log(error.message),
    }),
  )
  const owned = stack.move()
  return { database, rates, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
