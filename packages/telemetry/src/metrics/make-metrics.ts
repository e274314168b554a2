import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client'
import {
  listSeries,
  type CounterDeclaration,
  type GaugeDeclaration,
  type HistogramDeclaration,
  type MetricDeclaration,
  type MetricDeclarations,
} from './declare-metrics.ts'
import { makeGuard } from './make-guard.ts'

/** Labels come last, and only for metrics that declare some. */
type LabelArguments<D> = D extends { readonly labels: infer L extends object }
  ? [labels: { readonly [K in keyof L]: L[K] extends readonly (infer V)[] ? V : never }]
  : []

interface CounterInstrument<A extends unknown[]> {
  /** Counts `by` more; not negative. */
  add(by: number, ...labels: A): void
}

interface GaugeInstrument<A extends unknown[]> {
  set(value: number, ...labels: A): void
  /** Reads the value at each scrape; `read` must be quick. */
  readFrom(read: () => number, ...labels: A): void
}

interface HistogramInstrument<A extends unknown[]> {
  observe(value: number, ...labels: A): void
}

type Instrument<D> = D extends { readonly type: 'counter' }
  ? CounterInstrument<LabelArguments<D>>
  : D extends { readonly type: 'gauge' }
    ? GaugeInstrument<LabelArguments<D>>
    : HistogramInstrument<LabelArguments<D>>

/** What a service counts with: an instrument for each declaration. None throws: what it cannot take is left out. */
export type Metrics<D extends MetricDeclarations> = { readonly [K in keyof D]: Instrument<D[K]> }

/** Any labels; the types above let only declared ones in. */
type Series = Record<string, string>

/** Makes the declared metrics in a registry, each of their series at 0. */
export function makeMetrics<D extends MetricDeclarations>(declarations: D, registry: Registry): Metrics<D> {
  const instruments = Object.entries(declarations).map(([key, declaration]) => [
    key,
    makeInstrument(declaration, registry),
  ])
  return Object.fromEntries(instruments) as Metrics<D>
}

function makeInstrument(declaration: MetricDeclaration, registry: Registry) {
  switch (declaration.type) {
    case 'counter':
      return makeCounter(declaration, registry)
    case 'gauge':
      return makeGauge(declaration, registry)
    case 'histogram':
      return makeHistogram(declaration, registry)
  }
}

function makeCounter(declaration: CounterDeclaration, registry: Registry) {
  const counter = new Counter<string>(describe(declaration, registry))
  const guard = makeGuard(declaration.name)
  for (const series of listSeries(declaration.labels)) counter.inc(series, 0)
  return { add: (by: number, labels: Series = {}) => guard(() => counter.inc(labels, finite(by))) }
}

function makeGauge(declaration: GaugeDeclaration, registry: Registry) {
  const readers: [series: Series, read: () => number][] = []
  const guard = makeGuard(declaration.name)
  const gauge = new Gauge<string>({
    ...describe(declaration, registry),
    collect() {
      for (const [series, read] of readers) guard(() => this.set(series, finite(read())))
    },
  })
  for (const series of listSeries(declaration.labels)) gauge.set(series, 0)
  return {
    set: (value: number, labels: Series = {}) => guard(() => gauge.set(labels, finite(value))),
    readFrom: (read: () => number, labels: Series = {}) => void readers.push([labels, read]),
  }
}

function makeHistogram(declaration: HistogramDeclaration, registry: Registry) {
  const buckets = [...declaration.buckets]
  const histogram = new Histogram<string>({ ...describe(declaration, registry), buckets })
  const guard = makeGuard(declaration.name)
  for (const series of listSeries(declaration.labels)) histogram.zero(series)
  return {
    observe: (value: number, labels: Series = {}) => guard(() => histogram.observe(labels, finite(value))),
  }
}

/** A counter would take NaN, and be NaN from then on. */
function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError('not a finite number')
  return value
}

const describe = ({ name, help, labels = {} }: MetricDeclaration, registry: Registry) => ({
  name,
  help,
  labelNames: Object.keys(labels),
  registers: [registry],
})
