import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Slots, type Bus } from '@omni2/bus'
import { makeOriginRules, type Logger } from '@omni2/service-kit'
import type { JWTVerifyGetKey } from 'jose'
import { WebSocketServer } from 'ws'
import { answerRequest, isPlainRequest } from './connect/answer-request.ts'
import type { EdgeConfig } from './config.ts'
import { Connections } from './connection/connections.ts'
import { drainConnections } from './drain/drain-connections.ts'
import type { EdgeMetrics } from './metrics.ts'
import { observeEdge } from './connect/observe-edge.ts'
import { limitOutboxes } from './outbox/limit-outboxes.ts'
import { RefusedUsers } from './rights/refused-users.ts'
import { ReplyFeed } from './reply/reply-feed.ts'
import { stopListening } from './drain/stop-listening.ts'
import { TurnViewers } from './reply/turn-viewers.ts'
import { watchUsers } from './rights/watch-users.ts'
import { serveSocket, type SocketDeps } from './connect/serve-socket.ts'
import { acceptUpgrade, type UpgradeDeps } from './connect/upgrade.ts'
import { UpgradeRefused } from './upgrade-refused.ts'
import { refuseUpgrade } from './connect/refuse-upgrade.ts'

interface EdgeDeps {
  readonly config: EdgeConfig
  readonly instance: string
  readonly bus: Pick<
    Bus,
    'request' | 'answer' | 'hear' | 'subscribe' | 'listen' | 'publishDurably' | 'readStored' | 'flush'
  >
  /** Public keys of `auth`; none with WS_EDGE_TRUST=header. */
  readonly keys: JWTVerifyGetKey | undefined
  readonly stopping: AbortSignal
  readonly metrics: EdgeMetrics
  readonly log: Logger
}

export interface Edge extends AsyncDisposable {
  readonly port: number
  /** Connections by kind, and turns that are relayed. */
  readonly counts: () => Record<'sockets' | 'streams' | 'turns_followed', number>
}

/** Serves /ws/chat and the SSE bridge; disposing drains all connections. */
export async function openEdge(opening: EdgeDeps): Promise<Edge> {
  const { config } = opening
  const connections = new Connections({
    capacity: config.EDGE_MAX_CONNECTIONS,
    perUser: config.EDGE_CONNECTIONS_PER_USER,
  })
  const now = () => performance.now()
  const deps = {
    ...opening,
    connections,
    origins: makeOriginRules({ added: config.OMNI2_ORIGINS, only: config.ALLOWED_ORIGINS }),
    answering: new Map<string, number>(),
    refusedUsers: new RefusedUsers({ now, log: opening.log }),
    feed: new ReplyFeed(opening.bus),
    viewers: new TurnViewers({ ...opening, setting: config.ON_LAST_VIEWER_GONE }),
    resumes: new Slots(config.EDGE_RESUMES_AT_ONCE),
    trustedProxies: [...config.EDGE_TRUSTED_PROXIES, ...config.TRUSTED_PROXIES],
    random: Math.random,
    now,
  }
  observeEdge(deps)
  limitOutboxes(deps)
  const http = openHttpServer(config)
  serveUpgrades(http, deps)
  http.on('request', (request, response) => answerRequest(request, response, deps))
  http.listen(config.EDGE_PORT, config.EDGE_HOST)
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  const users = watchUsers(deps)
  const counts = () => ({
    sockets: connections.count('ws'),
    streams: connections.count('sse'),
    turns_followed: deps.feed.turns,
  })
  return { port, counts, [Symbol.asyncDispose]: () => closeEdge(http, users, deps) }
}

/** Longest time for a request's headers, in milliseconds. */
const handshakeTimeoutMs = 10_000
/** How long an HTTP connection stays open between requests, in milliseconds; longer than any proxy in front keeps it. */
const keepAliveMs = 100_000

function openHttpServer({ EDGE_MAX_CONNECTIONS }: EdgeConfig): Server {
  const options = {
    headersTimeout: handshakeTimeoutMs,
    requestTimeout: handshakeTimeoutMs,
    connectionsCheckingInterval: handshakeTimeoutMs / 2,
    keepAliveTimeout: keepAliveMs,
    shouldUpgradeCallback: (request: IncomingMessage) => !isPlainRequest(request),
  }
  const http = createServer(options)
  // Sockets that have not asked for anything yet hold no place, but a descriptor.
  http.maxConnections = 2 * EDGE_MAX_CONNECTIONS
  return http
}

function serveUpgrades(http: Server, deps: SocketDeps & EdgeDeps & Omit<UpgradeDeps, 'server'>): void {
  const server = openWebSocketServer(deps)
  http.on('upgrade', (request, socket, head) => {
    void acceptUpgrade({ request, socket, head }, { ...deps, server }, (accepted) => {
      void serveSocket(accepted, deps)
    })
  })
}

/** WebSocket fragments of one frame, and received pieces kept while it is incomplete; more closes with 1008. */
const frameFragments = 64
const frameChunks = 4096

function openWebSocketServer({ config, metrics }: Pick<EdgeDeps, 'config' | 'metrics'>): WebSocketServer {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: config.EDGE_FRAME_BYTES,
    maxFragments: frameFragments,
    maxBufferedChunks: frameChunks,
  })
  server.on('wsClientError', (error, socket) => {
    metrics.handshakes.add(1, { result: 'bad_handshake' })
    refuseUpgrade(socket, new UpgradeRefused('bad_handshake', { cause: error }), { retryAfterMs: 0 })
  })
  return server
}

async function closeEdge(
  http: Server,
  users: Disposable,
  deps: Parameters<typeof drainConnections>[1],
): Promise<void> {
  const closed = once(http, 'close')
  await drainConnections(() => stopListening(http), deps)
  users[Symbol.dispose]()
  http.closeAllConnections()
  await closed
}
