import { once } from 'node:events'
import { openBus } from '@omni2/bus'
import { beginService, openHealthServer, Readiness, shutdownSignal } from '@omni2/service-kit'
import { createRemoteJWKSet } from 'jose'
import { awaitDependencies } from './await-dependencies.ts'
import { readEdgeConfig } from './config.ts'
import { openEdge } from './open-edge.ts'

const { config, instance, log } = beginService('ws-edge', readEdgeConfig, process.env)
const stopping = shutdownSignal(config.SHUTDOWN_DEADLINE_MS)
const readiness = new Readiness(['bus', 'streams', 'keys', 'http'])
stopping.addEventListener('abort', () => readiness.close())
await using health = await openHealthServer({ host: config.HEALTH_HOST, port: config.HEALTH_PORT }, readiness)
await using bus = await openBus({
  url: config.NATS_URL,
  user: 'ws-edge',
  name: instance,
  connectDeadlineMs: config.NATS_CONNECT_DEADLINE_MS,
  log,
})
const keys =
  config.AUTH_JWKS_URL === undefined ? undefined : createRemoteJWKSet(new URL(config.AUTH_JWKS_URL))
await using edge = await openEdge({ config, instance, bus, keys, stopping, log })
readiness.meet('http')
log.info({ port: edge.port, health_port: health.port }, 'listening')
await awaitDependencies({ bus, keys, readiness, stopping, log })
if (!stopping.aborted) await once(stopping, 'abort')
log.info('stopping')
