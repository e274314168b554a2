import { once } from 'node:events'
import { beginService, openHealthServer, Readiness, shutdownSignal } from '@omni2/service-kit'
import { readGatewayConfig } from './config.ts'
import { openGateway } from './open-gateway.ts'

const { config, log } = beginService('gateway', readGatewayConfig, process.env)
const stopping = shutdownSignal(config.SHUTDOWN_DEADLINE_MS)
const readiness = new Readiness(['http'])
stopping.addEventListener('abort', () => readiness.close())
await using _health = await openHealthServer(
  { host: config.HEALTH_HOST, port: config.HEALTH_PORT },
  readiness,
)
await using gateway = await openGateway(config, { log })
readiness.meet('http')
log.info({ url: gateway.url }, 'listening')
if (!stopping.aborted) await once(stopping, 'abort')
log.info('stopping')
