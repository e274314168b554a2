import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readiness } from './readiness.ts'

export interface HealthServer extends AsyncDisposable {
  readonly port: number
}

/** What there is to ask: whether the service can work, and what it has counted. */
interface Answers {
  readonly readiness: Readiness
  readonly renderMetrics: RenderMetrics | undefined
}

type RenderMetrics = () => Promise<{ contentType: string; body: string }>

/**
 * Serves /livez (the process turns), /readyz (it can work; 503 with what is missing) and, where there are some, /metrics
 * apart from users' traffic.
 */
export async function openHealthServer(
  address: { host: string; port: number },
  readiness: Readiness,
  renderMetrics?: RenderMetrics,
): Promise<HealthServer> {
  const answers = { readiness, renderMetrics }
  const server = createServer((request, response) => void answer(request, response, answers))
  server.listen(address.port, address.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, answers: Answers): Promise<void> {
  const { readiness, renderMetrics } = answers
  const path = URL.parse(request.url ?? '/', 'http://health')?.pathname
  if (path === '/livez') return reply(response, 200, { status: 'alive' })
  if (path === '/readyz' && readiness.isReady) return reply(response, 200, { status: 'ready' })
  if (path === '/readyz') return reply(response, 503, { status: 'not ready', missing: readiness.missing })
  if (path === '/metrics' && renderMetrics) return replyMetrics(response, renderMetrics)
  reply(response, 404, { error: `no ${path} here; try /livez, /readyz or /metrics` })
}

const nosniff = { 'x-content-type-options': 'nosniff' }

async function replyMetrics(response: ServerResponse, renderMetrics: RenderMetrics): Promise<void> {
  try {
    const { contentType, body } = await renderMetrics()
    response.writeHead(200, { 'content-type': contentType, ...nosniff }).end(body)
  } catch {
    reply(response, 500, { error: 'metrics cannot be read' })
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', ...nosniff })
    .end(`${JSON.stringify(body)}\n`)
}
