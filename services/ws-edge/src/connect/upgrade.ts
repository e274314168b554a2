import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Identity } from '@omni2/contracts'
import { checkIdentityHeaders } from '@omni2/identity'
import { readClientAddress, type AddressRange } from '@omni2/net'
import type { Logger, OriginRules } from '@omni2/service-kit'
import type { WebSocket, WebSocketServer } from 'ws'
import { checkOrigin } from '../identify/check-origin.ts'
import { closeSocket } from '../connection/close-socket.ts'
import type { EdgeConfig } from '../config.ts'
import type { Connections } from '../connection/connections.ts'
import type { EdgeMetrics } from '../metrics.ts'
import { identifyRequest, type IdentifyDeps } from '../identify/identify-request.ts'
import type { Reopening } from '../open/open-conversation.ts'
import { readReopening } from './read-reopening.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import { toUpgradeRefused, UpgradeRefused } from '../upgrade-refused.ts'

/** A request to switch protocols, as Node hands it over. */
export interface UpgradeRequest {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** A WebSocket with the identity that was proven for it. */
export interface AcceptedSocket {
  readonly socket: WebSocket
  readonly identity: Identity
  readonly reopening: Reopening
  readonly address: string | undefined
}

export interface UpgradeDeps extends IdentifyDeps {
  readonly server: WebSocketServer
  /** Whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly AddressRange[]
  readonly connections: Connections
  readonly origins: OriginRules
  readonly config: IdentifyDeps['config'] & Pick<EdgeConfig, 'EDGE_CLOSE_DEADLINE_MS' | 'EDGE_RETRY_AFTER_MS'>
  readonly metrics: Pick<EdgeMetrics, 'handshakes' | 'closes'>
  readonly log: Logger
}

export const chatPath = '/ws/chat'

/** Lets a request become a WebSocket that is handed to `onAccepted`, or refuses it with an HTTP status; never throws. */
export async function acceptUpgrade(
  upgrade: UpgradeRequest,
  deps: UpgradeDeps,
  onAccepted: (accepted: AcceptedSocket) => void,
): Promise<void> {
  const { request, socket, head } = upgrade
  const accept = (serve: (accepted: WebSocket) => void) =>
    deps.server.handleUpgrade(request, socket, head, serve)
  // Node has taken its own listener away, and the client may leave while its proof is verified.
  socket.on('error', () => socket.destroy())
  try {
    const { reopening, identity } = await admit(upgrade, deps)
    const address = readClientAddress(
      { peer: request.socket.remoteAddress, forwardedFor: request.headers['x-forwarded-for'] },
      deps.trustedProxies,
    )
    accept((accepted) => onAccepted({ socket: accepted, identity, reopening, address }))
  } catch (error) {
    const refused = toUpgradeRefused(error)
    reportRefusal(refused, deps)
    if (isRefusedByClosing(refused)) return accept((accepted) => closeWith(refused, accepted, deps))
    refuseUpgrade(socket, refused, { retryAfterMs: deps.config.EDGE_RETRY_AFTER_MS })
  }
}

/** The checks of an upgrade, in their order; each throws UpgradeRefused or IdentityRefused. */
async function admit({ request, socket }: UpgradeRequest, deps: UpgradeDeps) {
  const url = readUrl(request.url)
  if (url?.pathname !== chatPath) throw new UpgradeRefused('not_found')
  if (deps.connections.isClosed) throw new UpgradeRefused('draining')
  takePlace(socket, deps)
  checkIdentityHeaders(request.rawHeaders)
  checkOrigin(request.headers, deps)
  const identity = await identifyRequest(request, { method: 'GET', path: chatPath }, deps)
  if (deps.connections.isClosed) throw new UpgradeRefused('draining')
  return { identity, reopening: readReopening(url.searchParams) }
}

/** Taken before the proof is verified, so that handshakes are bounded too. */
function takePlace(socket: Duplex, { connections }: Pick<UpgradeDeps, 'connections'>): void {
  const place = connections.takePlace()
  if (!place) throw new UpgradeRefused('full')
  socket.once('close', () => place[Symbol.dispose]())
}

/** Existing clients of such a deployment know these refusals as the reason of a close. */
const isRefusedByClosing = ({ code }: UpgradeRefused): boolean =>
  code === 'user_header_missing' || code === 'user_header_invalid'

function closeWith({ message }: UpgradeRefused, socket: WebSocket, { config, metrics }: UpgradeDeps): void {
  socket.on('error', () => socket.terminate())
  socket.once('close', () => metrics.closes.add(1, { code: '1008' }))
  closeSocket(socket, { code: 1008, reason: message, deadlineMs: config.EDGE_CLOSE_DEADLINE_MS })
}

const readUrl = (target: string | undefined): URL | null => URL.parse(target ?? '', 'ws://edge')

function reportRefusal({ code, status, cause }: UpgradeRefused, { metrics, log }: UpgradeDeps): void {
  metrics.handshakes.add(1, { result: code })
  if (status === 503) log.warn({ code, err: cause }, 'upgrade refused')
  else log.info({ code }, 'upgrade refused')
}
