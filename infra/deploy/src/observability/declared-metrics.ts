import { authMetrics } from '@omni2/auth/metrics'
import { workerMetrics } from '@omni2/chat-worker/metrics'
import { consoleMetrics } from '@omni2/console/metrics'
import { recorderMetrics } from '@omni2/flow-recorder/metrics'
import { type MetricDeclaration, openMetrics } from '@omni2/telemetry'
import { edgeMetrics } from '@omni2/ws-edge/metrics'

/** Name of a series as Prometheus stores it, with the values that each of its labels may have. */
export type DeclaredSeries = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>

/** Every series that the services and their Node processes export. */
export async function declaredSeries(): Promise<DeclaredSeries> {
  const declared = [authMetrics, edgeMetrics, workerMetrics, recorderMetrics, consoleMetrics].flatMap(
    (metrics) => Object.values<MetricDeclaration>(metrics),
  )
  const series = new Map<string, Map<string, Set<string>>>()
  for (const metric of declared) for (const name of namesOf(metric)) addLabels(name, metric, series)
  const { body } = await openMetrics({}).renderMetrics()
  for (const [, name = ''] of body.matchAll(/^# TYPE (\S+)/gm)) series.set(name, new Map())
  return series
}

const namesOf = ({ type, name }: MetricDeclaration): readonly string[] =>
  type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]

/** Two services may count the same thing with other causes. */
function addLabels(
  name: string,
  { labels = {} }: MetricDeclaration,
  series: Map<string, Map<string, Set<string>>>,
): void {
  const known = series.get(name) ?? new Map<string, Set<string>>()
  for (const [label, values] of Object.entries(labels))
    known.set(label, new Set([...(known.get(label) ?? []), ...values]))
  series.set(name, known)
}
