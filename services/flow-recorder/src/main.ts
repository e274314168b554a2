import { ensureStreams, keepStreams, observeBus, openBus } from '@omni2/bus'
import { awaitDatabase, observePool, openDatabase, watchClock } from '@omni2/db'
import { beginService, openHealthServer, Readiness, shutdownSignal, Watchdog } from '@omni2/service-kit'
import { openMetrics, openTracing } from '@omni2/telemetry'
import { readRecorderConfig } from './config.ts'
import { recordFlows } from './flow.ts'
import { recorderMetrics } from './metrics.ts'
import { Tally } from './finish/tally.ts'
import { watchPending } from './take/watch-pending.ts'

const { config, instance, log } = beginService('flow-recorder', readRecorderConfig, process.env)
const stopping = shutdownSignal(config.SHUTDOWN_DEADLINE_MS)
await using _watchdog = new Watchdog({
  service: { name: 'flow-recorder', instance, level: config.LOG_LEVEL },
  stallMs: config.EVENT_LOOP_STALL_MS,
})
const readiness = new Readiness(['nats', 'streams', 'events', 'database'])
stopping.addEventListener('abort', () => readiness.close())
const { metrics, renderMetrics } = openMetrics(recorderMetrics)
await using _tracing = await openTracing({ service: 'flow-recorder', instance, config, log })
await using health = await openHealthServer(
  { host: config.HEALTH_HOST, port: config.HEALTH_PORT },
  readiness,
  renderMetrics,
)
log.info({ health_port: health.port }, 'listening')
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
  connectDeadlineMs: config.NATS_CONNECT_DEADLINE_MS,
  log,
})
observeBus(bus, metrics)
readiness.meet('nats')
bus.listen({
  onLost: () => readiness.miss('nats', 'connection lost'),
  onRestored: () => readiness.meet('nats'),
})
const tally = new Tally()
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
void watchPending({ bus, metrics, stopping, log })
await recordFlows({ bus, ensure, database, config, instance, readiness, stopping, tally, metrics, log })
log.info(tally.counts, 'stopped')
