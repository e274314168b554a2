import { collectDefaultMetrics, type Registry } from '@prometheus-io/client'

/** How often the event loop's lag is sampled, in milliseconds: fifty timers a second, whatever the load. */
const eventLoopMonitoringPrecision = 20

/** What costs a scrape more with each open socket: 8,000 of them made it 15 ms instead of 1 (measured). */
const costlyMetrics = [
  'process_open_fds',
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_active_resources',
  'nodejs_active_resources_total',
]

/** Adds memory, CPU, garbage collection and event-loop lag of this process to a registry. */
export function watchProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision })
  for (const name of costlyMetrics) registry.removeSingleMetric(name)
}
