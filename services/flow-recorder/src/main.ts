import { answerStatus, ensureStreams, keepStreams, observeBus, openBus } from '@omni2/bus'
import { awaitDatabase, observePool, openDatabase, watchClock } from '@omni2/db'
import { openService } from '@omni2/service-kit'
import { readRecorderConfig } from './config.ts'
import { recordFlows } from './flow.ts'
import { recorderMetrics } from './metrics.ts'
import { keepStreamEmpty } from './finish/drop-recorded-messages.ts'
import { Tally } from './finish/tally.ts'
import { watchPending } from './take/watch-pending.ts'

await using service = await openService('flow-recorder', {
  env: process.env,
  readConfig: readRecorderConfig,
  metrics: recorderMetrics,
  conditions: ['nats', 'streams', 'events', 'database'],
})
const { config, instance, log, stopping, readiness, metrics, healthPort } = service
log.info({ health_port: healthPort }, 'listening')
await using database = openDatabase({
  url: config.DATABASE_URL,
  poolMax: config.DATABASE_POOL_MAX,
  applicationName: instance,
  statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
  onPoolError: (error) => log.warn({ reason: error.message }, 'database connection lost'),
})
observePool(database, metrics)
watchClock({ database, stopping, log })
await using bus = await openBus({
  url: config.NATS_URL,
  user: 'flow-recorder',
  name: instance,
  log,
})
observeBus(bus, metrics)
readiness.meet('nats')
bus.listen({
  onLost: () => readiness.miss('nats', 'connection lost'),
  onRestored: () => readiness.meet('nats'),
})
const tally = new Tally()
answerStatus(bus, {
  service: 'flow-recorder',
  instance,
  readiness,
  counts: () => ({ recorded_events: tally.counts.events, lag_seconds: tally.lagSeconds }),
})
metrics.lagSeconds.readFrom(() => tally.lagSeconds)
await awaitDatabase(database, { readiness, stopping })
const manager = await bus.openManager()
const ensure = () =>
  ensureStreams(manager, {
    streams: ['FLOW_EVENTS', 'DEAD_LETTERS'],
    consumer: 'flow-recorder',
    replicas: config.NATS_STREAM_REPLICAS,
  })
void keepStreams({ check: ensure, bus, readiness, stopping, log })
void keepStreamEmpty({ manager, stopping, log })
void watchPending({ bus, metrics, stopping, log })
await recordFlows({ bus, ensure, database, config, instance, readiness, stopping, tally, metrics, log })
log.info(tally.counts, 'stopped')
