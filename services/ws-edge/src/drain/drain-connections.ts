import { setTimeout as sleep } from 'node:timers/promises'
import { withDeadline } from '@omni2/service-kit'
import type { EdgeConfig } from '../config.ts'
import type { Connections } from '../connection/connections.ts'

interface DrainDeps {
  readonly connections: Connections
  readonly config: Pick<
    EdgeConfig,
    'EDGE_DRAIN_NOTICE_MS' | 'EDGE_DRAIN_SPREAD_MS' | 'EDGE_DRAIN_DEADLINE_MS'
  >
  readonly random: () => number
}

/**
 * Closes all connections. While the balancer notices, the edge serves as before. Then `stopListening` refuses new
 * connections, so that clients try the next address. Idle connections close one by one at random times, and those with
 * a running turn close after it. A socket that has not sent its request yet has the same time to send it, and closes
 * the same way. At the deadline the edge closes the rest and refuses late requests.
 *
 * @param stopListening resolves when no socket is left, which may never happen.
 */
export async function drainConnections(
  stopListening: () => Promise<unknown>,
  { connections, config, random }: DrainDeps,
): Promise<void> {
  const overdue = new AbortController()
  const deadline = setTimeout(() => overdue.abort(), config.EDGE_DRAIN_DEADLINE_MS)
  overdue.signal.addEventListener('abort', () => connections.closeAll(1012))
  await pause(config.EDGE_DRAIN_NOTICE_MS, overdue.signal)
  const noSockets = stopListening()
  connections.sendAway(1012, ({ isBusy, ended }) =>
    isBusy ? undefined : pause(random() * config.EDGE_DRAIN_SPREAD_MS, ended),
  )
  await withDeadline(noSockets, { ms: config.EDGE_DRAIN_SPREAD_MS, signal: overdue.signal }).catch(() => {})
  await connections.whenEmpty()
  clearTimeout(deadline)
}

/** A pause that ends early, without an error, when there is nothing left to wait for. */
const pause = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, null, { signal }).catch(() => null)
