/** The values that a label may have: all of them, so that no id, address or text of a user can become one. */
export type Labels = Readonly<Record<string, readonly string[]>>

interface Declaration {
  /** What it means to an operator; a sentence without its full stop. */
  readonly help: string
  readonly labels?: Labels
}

export interface CounterDeclaration extends Declaration {
  readonly type: 'counter'
  readonly name: `omni2_${string}_total`
}

export interface GaugeDeclaration extends Declaration {
  readonly type: 'gauge'
  readonly name: `omni2_${string}`
}

export interface HistogramDeclaration extends Declaration {
  readonly type: 'histogram'
  readonly name: `omni2_${string}`
  /** Upper bounds in the unit of the name, ascending. */
  readonly buckets: readonly number[]
}

export type MetricDeclaration = CounterDeclaration | GaugeDeclaration | HistogramDeclaration
export type MetricDeclarations = Readonly<Record<string, MetricDeclaration>>

/** Declares the metrics of a service or a package once, by the names its code calls them. */
export const declareMetrics = <const D extends MetricDeclarations>(declarations: D): D => declarations

/** Every combination of label values that a metric has, so that each series exists, as 0, before its first event. */
export function listSeries(labels: Labels = {}): Record<string, string>[] {
  let series: Record<string, string>[] = [{}]
  for (const [name, values] of Object.entries(labels))
    series = series.flatMap((made) => values.map((value) => Object.assign({}, made, { [name]: value })))
  return series
}
