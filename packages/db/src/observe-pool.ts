import { declareMetrics, type Metrics } from '@omni2/telemetry'
import type { Database } from './open-database.ts'

/** The pool metrics of every service with a database. */
export const poolMetrics = declareMetrics({
  databaseConnections: {
    type: 'gauge',
    name: 'omni2_database_connections',
    help: 'Open connections to Postgres',
    labels: { state: ['busy', 'idle'] },
  },
  databaseWaiting: {
    type: 'gauge',
    name: 'omni2_database_waiting',
    help: 'Callers that wait for a connection to Postgres',
  },
})

/** Reads the pool at each scrape. */
export function observePool(
  database: Pick<Database, 'countConnections'>,
  metrics: Metrics<typeof poolMetrics>,
): void {
  metrics.databaseConnections.readFrom(() => database.countConnections().busy, { state: 'busy' })
  metrics.databaseConnections.readFrom(() => database.countConnections().idle, { state: 'idle' })
  metrics.databaseWaiting.readFrom(() => database.countConnections().waiting)
}
