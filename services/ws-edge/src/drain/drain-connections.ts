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
 * Sends everybody away. While the balancer notices, all is served as ever; then `stopListening` lets nobody else connect,
 * so that the next address is tried, and idle connections leave one by one at random times, those with a running turn
 * after it. What has connected but not asked yet has the same time to ask, and leaves likewise. At the deadline the rest
 * is closed, and who still asks is refused.
 *
 * @param stopListening resolves when no socket is left, which may be never.
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
