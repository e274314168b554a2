import { trace } from '@opentelemetry/api'

/** Log fields that lead from a line to its trace, none outside spans; a new object each time, for loggers write into it. */
export function traceFields(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()
  if (span === undefined) return {}
  const { traceId, spanId } = span.spanContext()
  return { trace_id: traceId, span_id: spanId }
}
