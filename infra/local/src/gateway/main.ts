import { once } from 'node:events'
import { beginService, openHealthServer, Readiness, shutdownSignal } from '@omni2/service-kit'
import { readGatewayConfig } from './config.ts'
import { followEdges } from './follow-edges.ts'
import { openGateway } from './open-gateway.ts'
import { probeEdges } from './probe-edges.ts'

const { config, log } = beginService('gateway', readGatewayConfig, process.env)
const stopping = shutdownSignal(config.SHUTDOWN_DEADLINE_MS)
const readiness = new Readiness(['http'])
stopping.addEventListener('abort', () => readiness.close())
await using _health = await openHealthServer(
  { host: config.HEALTH_HOST, port: config.HEALTH_PORT },
  readiness,
)
const edges = [...config.EDGE_URLS]
const silent = probeEdges(edges, { log, stopping })
await using gateway = await openGateway({ ...config, EDGE_URLS: edges }, { log, silent })
const edgesFile = process.env['EDGE_URLS_FILE']
if (edgesFile) {
  const read = () => readGatewayConfig(process.env).EDGE_URLS
  followEdges(edges, edgesFile, { read, log, stopping })
}
readiness.meet('http')
log.info({ url: gateway.url }, 'listening')
if (!stopping.aborted) await once(stopping, 'abort')
log.info('stopping')
