import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { proxyUpgrade } from 'httpxy'
import type { Logger } from '@omni2/service-kit'
import { answers, encodeAnswer } from './answers.ts'
import type { GatewayConfig } from './config.ts'
import type { Exchange } from './flow.ts'
import { useConnection } from './use-connection.ts'

interface Upgrade {
  readonly socket: Duplex
  /** Bytes that came with the request's head. */
  readonly head: Buffer
}

/** A request to become a WebSocket: after the upstream's 101 the bytes of both sides are spliced, never looked at. */
export function makeUpgradeExchange(
  request: IncomingMessage,
  { socket, head }: Upgrade,
  { config, log }: { config: GatewayConfig; log: Logger },
): Exchange {
  const exchange: Exchange = {
    request,
    answer: (answer) => void socket.end(encodeAnswer(answer)),
    forward: async ({ url, connection }) => {
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        connection.destroy()
        return exchange.answer(answers.badUpgrade())
      }
      const options = {
        agent: useConnection(connection),
        xfwd: false,
        headers: { connection: 'Upgrade' },
        upgradeTimeout: config.GATEWAY_UPGRADE_TIMEOUT_MS,
      }
      // It rejects when the upstream refuses, whose answer it passes on, and when it fails, which ends the socket.
      const refused = (error: unknown) => log.debug({ err: error }, 'upgrade not made')
      await proxyUpgrade(url, request, socket, head, options).then(
        (upstream) => joinEnds(socket, upstream),
        refused,
      )
    },
  }
  return exchange
}

/** A side that is cut off, without an orderly end, takes the other with it. */
function joinEnds(socket: Duplex, upstream: Duplex): void {
  socket.once('close', () => upstream.end())
  upstream.once('close', () => socket.end())
}
