import type { EdgeConfig } from '../config.ts'
import type { Connections } from '../connection/connections.ts'
import type { EdgeMetrics } from '../metrics.ts'
import type { ReplyFeed } from '../reply/reply-feed.ts'

interface ObservedEdge {
  readonly connections: Pick<Connections, 'count' | 'sumHeld'>
  readonly feed: Pick<ReplyFeed, 'turns'>
  readonly config: Pick<EdgeConfig, 'EDGE_MAX_CONNECTIONS'>
  readonly metrics: Pick<
    EdgeMetrics,
    'connections' | 'connectionPlaces' | 'sendBufferBytes' | 'waitingMessages' | 'turns'
  >
}

/** Lets each scrape read what an edge holds right now, at a cost that does not grow with idle connections. */
export function observeEdge({ connections, feed, config, metrics }: ObservedEdge): void {
  metrics.connectionPlaces.set(config.EDGE_MAX_CONNECTIONS)
  metrics.connections.readFrom(() => connections.count('ws'), { kind: 'ws' })
  metrics.connections.readFrom(() => connections.count('sse'), { kind: 'sse' })
  metrics.sendBufferBytes.readFrom(() => connections.sumHeld('bufferedBytes'))
  metrics.waitingMessages.readFrom(() => connections.sumHeld('waitingMessages'))
  metrics.turns.readFrom(() => feed.turns)
}
