import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** A small real server behind the gateway. */
export interface Upstream extends AsyncDisposable {
  readonly url: string
  /** Headers of every request and upgrade, in order. */
  readonly seen: { url: string; method: string; headers: IncomingHttpHeaders }[]
  /** Sockets whose upgrade it accepted, in order. */
  readonly sockets: Duplex[]
}

interface Behaviour {
  readonly respond?: RequestListener
  /** The bytes that answer an upgrade. */
  readonly upgrade?: string
}

export const switching =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'

export async function openUpstream({ respond, upgrade }: Behaviour = {}): Promise<Upstream> {
  const seen: Upstream['seen'] = []
  const sockets: Duplex[] = []
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers })
    if (respond) respond(request, response)
    else response.end('ok')
  })
  if (upgrade !== undefined)
    server.on('upgrade', (request, socket) => {
      seen.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers })
      socket.on('error', () => {})
      sockets.push(socket)
      if (upgrade === switching) socket.write(upgrade)
      else socket.end(upgrade)
    })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    sockets,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
