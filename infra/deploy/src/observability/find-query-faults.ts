import type { DeclaredSeries } from './declared-metrics.ts'
import { type AskedSeries, readGrouping, readQuery, targetLabels } from './read-query.ts'

/** Labels of histograms, and of Traefik's own metrics. */
const foreignLabels: ReadonlySet<string> = new Set(['le', 'code'])

/** Series, labels and label values that a PromQL expression uses and no service exports. */
export function findQueryFaults(expression: string, declared: DeclaredSeries): readonly string[] {
  const asked = readQuery(expression).filter(({ name }) => name !== 'up' && !name.startsWith('traefik_'))
  const labels = asked.flatMap(({ name }) => [...(declared.get(name)?.keys() ?? [])])
  const isKnown = (label: string) =>
    [targetLabels, foreignLabels, new Set(labels)].some((set) => set.has(label))
  return [
    ...asked.flatMap((series) => findSeriesFaults(series, declared)),
    ...readGrouping(expression).filter((label) => !isKnown(label)),
  ]
}

function findSeriesFaults({ name, matchers }: AskedSeries, declared: DeclaredSeries): string[] {
  const labels = declared.get(name)
  if (labels === undefined) return [name]
  const ours = matchers.filter(({ label }) => !targetLabels.has(label))
  return ours.flatMap(({ label, values }) =>
    values
      .filter((value) => labels.get(label)?.has(value) !== true)
      .map((value) => `${name}{${label}="${value}"}`),
  )
}
