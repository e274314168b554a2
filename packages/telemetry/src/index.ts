export {
  declareMetrics,
  type CounterDeclaration,
  type GaugeDeclaration,
  type HistogramDeclaration,
  type MetricDeclaration,
  type MetricDeclarations,
} from './metrics/declare-metrics.ts'
export { makeGuard } from './metrics/make-guard.ts'
export type { Metrics } from './metrics/make-metrics.ts'
export { openMetrics, type Exposition, type OpenedMetrics } from './metrics/open-metrics.ts'
export { openTracing, type TracingConfig } from './tracing/open-tracing.ts'
export { messagingAttributes, semanticAttributes } from './tracing/semantic-attributes.ts'
export { traceFields } from './tracing/trace-fields.ts'
export { currentTraceparent, traceparentHeader } from './tracing/traceparent.ts'
export { addSpan, failSpan, withSpan, type Span, type SpanOptions } from './tracing/with-span.ts'
