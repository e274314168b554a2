import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FailureCounter } from './behaviour/failure-counter.ts'
import { defaultConfig, type SimulatorConfig } from './config.ts'
import { RequestLog } from './log/request-log.ts'
import { routeRequest, type RouteDeps } from './route-request.ts'
import { PromptCache } from './usage/prompt-cache.ts'

export interface ModelSimulator extends AsyncDisposable {
  /** The base URL, for `ANTHROPIC_BASE_URL`. */
  readonly url: string
  readonly port: number
  readonly log: Pick<RequestLog, 'find' | 'list'>
}

/** Starts a simulator; disposing of it closes its connections, live streams too. Rejects when the port is taken. */
export async function openModelSimulator(options: Partial<SimulatorConfig> = {}): Promise<ModelSimulator> {
  const config = { ...defaultConfig, ...options }
  const deps = openState(config)
  const server = createServer((request, response) => void routeRequest(request, response, deps))
  server.maxConnections = config.maxConnections
  server.listen(config.port, config.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return {
    url: `http://${host}:${port}`,
    port,
    log: deps.log,
    [Symbol.asyncDispose]: () => closeServer(server),
  }
}

function openState(config: SimulatorConfig): RouteDeps {
  const now = Date.now
  return {
    config,
    log: new RequestLog({ maxEntries: config.maxLogEntries, maxBytes: config.maxLogBytes, now }),
    cache: new PromptCache({ maxPrefixes: config.maxCachedPrefixes, minTokens: config.minCachedTokens, now }),
    failures: new FailureCounter({ maxKeys: config.maxFailureKeys }),
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
