import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Bus } from '@omni2/bus'
import type { Logger } from '@omni2/service-kit'
import type { JWTVerifyGetKey } from 'jose'
import { WebSocketServer } from 'ws'
import type { EdgeConfig } from './config.ts'
import { Connections } from './connections.ts'
import { drainConnections } from './drain-connections.ts'
import { ReplyFeed } from './reply-feed.ts'
import { serveSocket, type SocketDependencies } from './serve-socket.ts'
import { acceptUpgrade, chatPath } from './upgrade.ts'
import { UpgradeRefused } from './upgrade-refused.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'

interface EdgeDependencies {
  readonly config: EdgeConfig
  readonly instance: string
  readonly bus: Pick<Bus, 'request' | 'subscribe' | 'listen' | 'publishDurably'>
  readonly keys: JWTVerifyGetKey
  readonly stopping: AbortSignal
  readonly log: Logger
}

export interface Edge extends AsyncDisposable {
  readonly port: number
}

/** Serves /ws/chat; upgrades are refused once `stopping` is aborted, and disposing drains all connections. */
export async function openEdge(opening: EdgeDependencies): Promise<Edge> {
  const { config } = opening
  const connections = new Connections({
    capacity: config.EDGE_MAX_CONNECTIONS,
    perUser: config.EDGE_CONNECTIONS_PER_USER,
  })
  const now = () => performance.now()
  const deps = { ...opening, connections, feed: new ReplyFeed(opening.bus), random: Math.random, now }
  const http = openHttpServer(config)
  serveUpgrades(http, deps)
  http.listen(config.EDGE_PORT, config.EDGE_HOST)
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return { port, [Symbol.asyncDispose]: () => closeEdge(http, deps) }
}

function openHttpServer(config: EdgeConfig): Server {
  const timeout = config.EDGE_HANDSHAKE_TIMEOUT_MS
  const options = {
    headersTimeout: timeout,
    requestTimeout: timeout,
    connectionsCheckingInterval: timeout / 2,
  }
  const http = createServer(options, answerRequest)
  // Sockets that have not asked for anything yet hold no place, but a descriptor.
  http.maxConnections = 2 * config.EDGE_MAX_CONNECTIONS
  return http
}

function serveUpgrades(http: Server, deps: SocketDependencies & EdgeDependencies): void {
  const server = openWebSocketServer(deps.config)
  http.on('upgrade', (request, socket, head) => {
    void acceptUpgrade({ request, socket, head }, { ...deps, server }, (accepted) => {
      void serveSocket(accepted, deps)
    })
  })
}

function openWebSocketServer(config: EdgeConfig): WebSocketServer {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: config.EDGE_FRAME_BYTES,
    maxFragments: config.EDGE_FRAME_FRAGMENTS,
    maxBufferedChunks: config.EDGE_FRAME_CHUNKS,
  })
  server.on('wsClientError', (error, socket) => {
    refuseUpgrade(socket, new UpgradeRefused('bad_handshake', { cause: error }), { retryAfterMs: 0 })
  })
  return server
}

/** Everything that is no upgrade. */
function answerRequest(request: IncomingMessage, response: ServerResponse): void {
  const isChat = URL.parse(request.url ?? '', 'http://edge')?.pathname === chatPath
  const { status, message, code } = new UpgradeRefused(isChat ? 'upgrade_required' : 'not_found')
  response
    .writeHead(status, {
      'content-type': 'application/json',
      ...(isChat ? { connection: 'Upgrade', upgrade: 'websocket' } : {}),
    })
    .end(`${JSON.stringify({ error: message, code })}\n`)
}

async function closeEdge(http: Server, deps: Parameters<typeof drainConnections>[0]): Promise<void> {
  await drainConnections(deps)
  http.close()
  http.closeAllConnections()
  await once(http, 'close')
}
