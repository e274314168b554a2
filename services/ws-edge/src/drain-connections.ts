import { setTimeout as sleep } from 'node:timers/promises'
import type { EdgeConfig } from './config.ts'
import type { Connections } from './connections.ts'

interface DrainDependencies {
  readonly connections: Connections
  readonly config: Pick<
    EdgeConfig,
    'EDGE_DRAIN_NOTICE_MS' | 'EDGE_DRAIN_SPREAD_MS' | 'EDGE_DRAIN_DEADLINE_MS'
  >
  readonly random: () => number
}

/**
 * Sends everybody away: once the balancer knows, idle connections one by one at random times, those with a running turn
 * after it, the rest at the deadline. Upgrades must be refused already.
 */
export async function drainConnections({ connections, config, random }: DrainDependencies): Promise<void> {
  const drained = new AbortController()
  const deadline = setTimeout(() => closeAll(connections), config.EDGE_DRAIN_DEADLINE_MS)
  void connections.whenEmpty().then(() => drained.abort())
  await pause(config.EDGE_DRAIN_NOTICE_MS, drained.signal)
  await Promise.all(
    [...connections].map(async (connection) => {
      if (!connection.isBusy) await pause(random() * config.EDGE_DRAIN_SPREAD_MS, connection.ended)
      connection.leave(1012)
    }),
  )
  await connections.whenEmpty()
  clearTimeout(deadline)
}

function closeAll(connections: Connections): void {
  for (const connection of connections) connection.close(1012)
}

/** A pause that ends early, without an error, when there is nothing left to wait for. */
const pause = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, null, { signal }).catch(() => null)
