import { once } from 'node:events'
import { observeBus, openBus } from '@omni2/bus'
import { awaitDatabase, observePool, openDatabase, watchClock } from '@omni2/db'
import { observeRates, openRates } from '@omni2/rates'
import { openService } from '@omni2/service-kit'
import { readWorkerConfig } from './config.ts'
import { workerMetrics } from './metrics.ts'
import { openWorker } from './open-worker.ts'

await using service = await openService('chat-worker', {
  env: process.env,
  readConfig: readWorkerConfig,
  metrics: workerMetrics,
  conditions: ['nats', 'streams', 'turns', 'database', 'price', 'worker'],
  stallReport: ({ config, instance }) => ({
    module: new URL('upkeep/report-stalled-turn.ts', import.meta.url),
    data: { databaseUrl: config.DATABASE_URL, worker: instance },
  }),
})
const { config, instance, log, stopping, watchdog, readiness, metrics, healthPort } = service
await using database = openDatabase({
  url: config.DATABASE_URL,
  poolMax: config.DATABASE_POOL_MAX,
  applicationName: instance,
  statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
  preparedStatements: config.DATABASE_PREPARED_STATEMENTS,
  onPoolError: (error) => log.warn({ err: error }, 'postgres connection lost'),
})
observePool(database, metrics)
watchClock({ database, stopping, log })
await using rates = await openRates({ redisUrl: config.REDIS_URL, log })
observeRates(rates, metrics)
await using bus = await openBus({
  url: config.NATS_URL,
  user: 'chat-worker',
  name: instance,
  log,
})
observeBus(bus, metrics)
readiness.meet('nats')
await using _worker = await openWorker({
  config,
  worker: instance,
  bus,
  database,
  rates,
  readiness,
  stopping,
  watchdog,
  metrics,
  log,
})
readiness.meet('worker')
await awaitDatabase(database, { readiness, stopping })
log.info({ health_port: healthPort, model: config.MODEL, turns: config.WORKER_TURNS }, 'ready')
if (!stopping.aborted) await once(stopping, 'abort')
log.info('stopping')
