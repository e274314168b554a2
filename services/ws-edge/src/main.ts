import { once } from 'node:events'
import { answerStatus, observeBus, openBus } from '@omni2/bus'
import { openService } from '@omni2/service-kit'
import { createRemoteJWKSet } from 'jose'
import { awaitDependencies } from './connect/await-dependencies.ts'
import { readEdgeConfig } from './config.ts'
import { edgeMetrics } from './metrics.ts'
import { openEdge } from './open-edge.ts'

await using service = await openService('ws-edge', {
  env: process.env,
  readConfig: readEdgeConfig,
  metrics: edgeMetrics,
  conditions: ['nats', 'streams', 'keys', 'http'],
})
const { config, instance, log, stopping, readiness, metrics, healthPort } = service
await using bus = await openBus({
  url: config.NATS_URL,
  user: 'ws-edge',
  name: instance,
  log,
})
observeBus(bus, metrics)
const keys =
  config.AUTH_JWKS_URL === undefined ? undefined : createRemoteJWKSet(new URL(config.AUTH_JWKS_URL))
await using edge = await openEdge({ config, instance, bus, keys, stopping, metrics, log })
answerStatus(bus, { service: 'ws-edge', instance, readiness, counts: edge.counts })
readiness.meet('http')
log.info({ port: edge.port, health_port: healthPort }, 'listening')
await awaitDependencies({ bus, keys, readiness, stopping, log })
if (!stopping.aborted) await once(stopping, 'abort')
log.info('stopping')
