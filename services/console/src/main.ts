import { once } from 'node:events'
import { answerStatus, observeBus, openBus } from '@omni2/bus'
import { awaitDatabase, observePool, openDatabase, watchClock } from '@omni2/db'
import { BcryptThread } from '@omni2/passwords'
import { makeOriginRules, openService } from '@omni2/service-kit'
import { createRemoteJWKSet } from 'jose'
import { readConsoleConfig } from './config.ts'
import { consoleMetrics } from './metrics.ts'
import { openConsole } from './open-console.ts'
import { keepChartsKnown } from './flows/keep-charts-known.ts'
import { KnownSteps } from './request/known-steps.ts'
import { RequestRates } from './request/request-rates.ts'
import { LiveFeeds } from './request/live-feeds.ts'

await using service = await openService('console', {
  env: process.env,
  readConfig: readConsoleConfig,
  metrics: consoleMetrics,
  conditions: ['nats', 'database', 'http'],
})
const { config, instance, log, stopping, readiness, metrics, healthPort } = service
await using database = openDatabase({
  url: config.DATABASE_URL,
  poolMax: config.DATABASE_POOL_MAX,
  applicationName: instance,
  statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
  onPoolError: (err) => log.warn({ err }, 'database connection lost'),
})
observePool(database, metrics)
watchClock({ database, stopping, log })
await using bus = await openBus({
  url: config.NATS_URL,
  user: 'console',
  name: instance,
  log,
})
readiness.meet('nats')
observeBus(bus, metrics)
bus.listen({
  onLost: () => readiness.miss('nats', 'connection lost'),
  onRestored: () => readiness.meet('nats'),
})
const feeds = new LiveFeeds({ most: config.CONSOLE_LIVE_FEEDS })
metrics.liveFeeds.readFrom(() => feeds.open)
answerStatus(bus, {
  service: 'console',
  instance,
  readiness,
  counts: () => ({ live_feeds: feeds.open }),
})
await using bcrypt = new BcryptThread()
const knownSteps = new KnownSteps()
await using http = await openConsole({
  config,
  database,
  bus,
  letters: await bus.openManager(),
  feeds,
  bcrypt,
  knownSteps,
  keys: createRemoteJWKSet(new URL(config.AUTH_JWKS_URL)),
  origins: makeOriginRules({ added: config.OMNI2_ORIGINS, only: config.ALLOWED_ORIGINS }),
  rates: new RequestRates({ perMinute: config.CONSOLE_REQUESTS_PER_MINUTE, now: () => performance.now() }),
  metrics,
  log,
})
readiness.meet('http')
log.info({ url: http.listeningOrigin, health_port: healthPort }, 'listening')
await awaitDatabase(database, { readiness, stopping })
void keepChartsKnown({ database, knownSteps, stopping, log })
if (!stopping.aborted) await once(stopping, 'abort')
log.info('stopping')
