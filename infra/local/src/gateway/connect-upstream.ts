import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { GatewayConfig } from './config.ts'

interface ConnectDeps {
  readonly config: Pick<GatewayConfig, 'GATEWAY_CONNECT_TIMEOUT_MS'>
  /** Aborted once the client is gone. */
  readonly gone: AbortSignal
}

/** Connects to the first of the addresses that accepts; rejects when none does. The caller has to destroy the connection. */
export async function connectUpstream(
  urls: readonly string[],
  { config, gone }: ConnectDeps,
): Promise<Socket> {
  const failures: unknown[] = []
  for (const url of urls) {
    gone.throwIfAborted()
    const { hostname, port } = new URL(url)
    const connection = connect({ host: hostname, port: Number(port) || 80, noDelay: true, keepAlive: true })
    // The user of the connection handles its errors; at other times only its end matters.
    connection.on('error', () => {})
    try {
      const signal = AbortSignal.any([gone, AbortSignal.timeout(config.GATEWAY_CONNECT_TIMEOUT_MS)])
      await once(connection, 'connect', { signal })
      return connection
    } catch (error) {
      connection.destroy()
      failures.push(error)
    }
  }
  throw new AggregateError(failures, `none of ${urls.join(', ')} accepts a connection`)
}
