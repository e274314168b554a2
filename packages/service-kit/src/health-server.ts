import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readiness } from './readiness.ts'

export interface HealthServer extends AsyncDisposable {
  readonly port: number
}

/** Serves /livez (the process turns) and /readyz (it can work; 503 with what is missing) apart from users' traffic. */
export async function openHealthServer(
  address: { host: string; port: number },
  readiness: Readiness,
): Promise<HealthServer> {
  const server = createServer((request, response) => answer(request, response, readiness))
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

function answer(request: IncomingMessage, response: ServerResponse, readiness: Readiness): void {
  const path = new URL(request.url ?? '/', 'http://health').pathname
  if (path === '/livez') return reply(response, 200, { status: 'alive' })
  if (path === '/readyz' && readiness.isReady) return reply(response, 200, { status: 'ready' })
  if (path === '/readyz') return reply(response, 503, { status: 'not ready', missing: readiness.missing })
  reply(response, 404, { error: `no ${path} here; try /livez or /readyz` })
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
}
