import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { GatewayConfig } from './config.ts'

/** Connects to the first of the addresses that accepts; rejects when none does. */
export async function connectUpstream(
  urls: readonly string[],
  { GATEWAY_CONNECT_TIMEOUT_MS }: Pick<GatewayConfig, 'GATEWAY_CONNECT_TIMEOUT_MS'>,
): Promise<{ url: string; connection: Socket }> {
  const failures: unknown[] = []
  for (const url of urls) {
    const { hostname, port } = new URL(url)
    const connection = connect({ host: hostname, port: Number(port) || 80, noDelay: true })
    try {
      await once(connection, 'connect', { signal: AbortSignal.timeout(GATEWAY_CONNECT_TIMEOUT_MS) })
      return { url, connection }
    } catch (error) {
      connection.destroy()
      failures.push(error)
    }
  }
  throw new AggregateError(failures, `none of ${urls.join(', ')} accepts a connection`)
}
