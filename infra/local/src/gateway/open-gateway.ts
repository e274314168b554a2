import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { isInRanges } from '@omni2/net'
import { makeOriginRules, type Logger } from '@omni2/service-kit'
import type { GatewayConfig } from './config.ts'
import { passRequest } from './flow.ts'
import { makeHttpExchange } from './http-exchange.ts'
import { makeRoutes } from './routes.ts'
import { isWebSocket, makeUpgradeExchange } from './upgrade-exchange.ts'

export interface Gateway extends AsyncDisposable {
  readonly url: string
}

interface OpenDeps {
  readonly log: Logger
  /** Edges that give no answer now: they are tried last. */
  readonly silent?: ReadonlySet<string>
}

/**
 * Opens the one port that users see, on 127.0.0.1: it applies the routes, takes identity from auth alone, and splices
 * bytes. Disposing of it ends every connection.
 */
export async function openGateway(config: GatewayConfig, { log, silent }: OpenDeps): Promise<Gateway> {
  const origins = makeOriginRules({ added: config.OMNI2_ORIGINS, only: [] })
  const isBalancer = (address: string | undefined) => isInRanges(address, config.OMNI2_BALANCERS)
  const deps = { config, log, origins, isBalancer, routes: makeRoutes(config, silent) }
  const upgraded = new Set<Duplex>()
  const options = { keepAlive: true, shouldUpgradeCallback: isWebSocket }
  const server = createServer(options, (request, response) => {
    void passRequest(makeHttpExchange(request, response, deps), deps)
  })
  server.on('upgrade', (request, socket, head) => {
    trackSocket(socket, upgraded)
    void passRequest(makeUpgradeExchange(request, head, deps), deps)
  })
  server.maxConnections = config.GATEWAY_MAX_CONNECTIONS
  server.listen(config.GATEWAY_PORT, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${config.GATEWAY_PORT}`,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
      await once(server, 'close')
    },
  }
}

/** Node's server forgets a socket once it is upgraded. */
function trackSocket(socket: Duplex, upgraded: Set<Duplex>): void {
  upgraded.add(socket)
  socket.once('close', () => upgraded.delete(socket))
  // Before the splice there is no other listener; close follows an error.
  socket.on('error', () => {})
}
