import { ROOT_CONTEXT, trace, type Context, type SpanContext } from '@opentelemetry/api'

/** Name of the header, on the bus as in HTTP (W3C Trace Context). */
export const traceparentHeader = 'traceparent'

const format = /^[\da-f]{2}-(?<traceId>[\da-f]{32})-(?<spanId>[\da-f]{16})-(?<flags>[\da-f]{2})(?:-|$)/

/** The span that runs now as a traceparent; undefined outside spans, and so always while tracing is off. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan()
  return span === undefined ? undefined : encodeTraceparent(span.spanContext())
}

export const encodeTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`

/** Where spans hang below what a traceparent names; the root for none and for what is no traceparent. */
export function contextOfTraceparent(traceparent: string | undefined): Context {
  const parent = decodeTraceparent(traceparent)
  return parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent)
}

function decodeTraceparent(traceparent: string | undefined): SpanContext | undefined {
  const groups = traceparent === undefined ? undefined : format.exec(traceparent)?.groups
  const { traceId, spanId, flags } = groups ?? {}
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  if (traceparent?.startsWith('ff') || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
}
