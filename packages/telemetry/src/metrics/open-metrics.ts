import { Registry } from '@prometheus-io/client'
import type { MetricDeclarations } from './declare-metrics.ts'
import { makeMetrics, type Metrics } from './make-metrics.ts'
import { watchProcess } from './watch-process.ts'

export interface Exposition {
  readonly contentType: string
  readonly body: string
}

export interface OpenedMetrics<D extends MetricDeclarations> {
  readonly metrics: Metrics<D>
  /** Everything counted so far in Prometheus' text format, with what Node says of the process. */
  readonly renderMetrics: () => Promise<Exposition>
}

/** Makes a service's metrics, in a registry of their own. */
export function openMetrics<D extends MetricDeclarations>(declarations: D): OpenedMetrics<D> {
  const registry = new Registry()
  watchProcess(registry)
  return {
    metrics: makeMetrics(declarations, registry),
    renderMetrics: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  }
}
