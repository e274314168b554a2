import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { GatewayConfig } from './config.ts'
import { limitStall } from './limit-stall.ts'

/**
 * Passes the bytes of each side to the other until both have ended. When one side breaks, both close. A side
 * that reads nothing, or stays when the other has ended, is closed after the stall timeout.
 */
export async function spliceSockets(
  client: Socket,
  upstream: Socket,
  { GATEWAY_STALL_TIMEOUT_MS: stallMs }: Pick<GatewayConfig, 'GATEWAY_STALL_TIMEOUT_MS'>,
): Promise<void> {
  limitStall(client, upstream, stallMs)
  limitStall(upstream, client, stallMs)
  const cut = () => void upstream.destroy()
  for (const side of [client, upstream]) side.once('end', () => upstream.setTimeout(stallMs, cut))
  await Promise.allSettled([pipeline(client, upstream), pipeline(upstream, client)])
  client.destroy()
}
