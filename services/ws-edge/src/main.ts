import { once } from 'node:events'
import { observeBus, openBus } from '@omni2/bus'
import { beginService, openHealthServer, Readiness, shutdownSignal, Watchdog } from '@omni2/service-kit'
import { openMetrics, openTracing } from '@omni2/telemetry'
import { createRemoteJWKSet } from 'jose'
import { awaitDependencies } from './connect/await-dependencies.ts'
import { readEdgeConfig } from './config.ts'
import { edgeMetrics } from './metrics.ts'
import { openEdge } from './open-edge.ts'

const { config, instance, log } = beginService('ws-edge', readEdgeConfig, process.env)
const stopping = shutdownSignal(config.SHUTDOWN_DEADLINE_MS)
await using _watchdog = new Watchdog({
  service: { name: 'ws-edge', instance, level: config.LOG_LEVEL },
  stallMs: config.EVENT_LOOP_STALL_MS,
})
const readiness = new Readiness(['bus', 'streams', 'keys', 'http'])
stopping.addEventListener('abort', () => readiness.close())
const { metrics, renderMetrics } = openMetrics(edgeMetrics)
await using _tracing = await openTracing({ service: 'ws-edge', instance, config, log })
await using health = await openHealthServer(
  { host: config.HEALTH_HOST, port: config.HEALTH_PORT },
  readiness,
  renderMetrics,
)
await using bus = await openBus({
  url: config.NATS_URL,
  user: 'ws-edge',
  name: instance,
  connectDeadlineMs: config.NATS_CONNECT_DEADLINE_MS,
  log,
})
observeBus(bus, metrics)
const keys =
  config.AUTH_JWKS_URL === undefined ? undefined : createRemoteJWKSet(new URL(config.AUTH_JWKS_URL))
await using edge = await openEdge({ config, instance, bus, keys, stopping, metrics, log })
readiness.meet('http')
log.info({ port: edge.port, health_port: health.port }, 'listening')
await awaitDependencies({ bus, keys, readiness, stopping, log })
if (!stopping.aborted) await once(stopping, 'abort')
log.info('stopping')
