import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api'
import { semanticAttributes } from './semantic-attributes.ts'
import { contextOfTraceparent } from './traceparent.ts'

export type { Span }

const kinds = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const

export interface SpanOptions {
  readonly name: string
  readonly kind?: keyof typeof kinds
  readonly attributes?: Attributes
  /** Traceparent of what caused it, undefined for nothing; absent = the span that runs now. */
  readonly parent?: string | undefined
}

/**
 * Does work in a span, below the one that runs now or below `parent`; what the work throws marks the span with its code
 * or name, never with its message, which may quote a user. While tracing is off it only does the work.
 */
export function withSpan<T>(options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer().startActiveSpan(options.name, describe(options), parentOf(options), async (span) => {
    try {
      return await work(span)
    } catch (error) {
      failSpan(span, error)
      throw error
    } finally {
      span.end()
    }
  })
}

/** Adds a span that began at a time (epoch milliseconds) and ends now. */
export function addSpan(options: SpanOptions, { begunAt }: { begunAt: number }): void {
  tracer()
    .startSpan(options.name, { ...describe(options), startTime: begunAt }, parentOf(options))
    .end()
}

/** Marks a span as failed by an error, or by anything with a code, that does not leave it. */
export function failSpan(span: Span, error: unknown): void {
  span.setAttribute(semanticAttributes.errorType, nameError(error))
  span.setStatus({ code: SpanStatusCode.ERROR })
}

const tracer = () => trace.getTracer('omni2')

const describe = ({ kind = 'internal', attributes = {} }: SpanOptions) => ({ kind: kinds[kind], attributes })

const parentOf = (options: SpanOptions): Context =>
  'parent' in options ? contextOfTraceparent(options.parent) : context.active()

function nameError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}
