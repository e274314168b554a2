import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { setGlobalErrorHandler } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'

export interface SpanExporting {
  readonly service: string
  readonly instance: string
  readonly url: string
  readonly headers: Record<string, string>
  /** Share of traces that are kept, from 0 to 1; a trace begun elsewhere is kept where it began. */
  readonly ratio: number
  readonly log: { warn(fields: object, message: string): void }
}

/** Spans that wait for their export; beyond it new ones are dropped. */
const maxQueueSize = 4096
const maxExportBatchSize = 512
/** Longest wait of a span, in milliseconds. */
const scheduledDelayMillis = 1000
/** Longest time for one export with its retries, in milliseconds. */
const exportTimeoutMillis = 3000
/** Longest time that a shutdown waits for the last spans, in milliseconds. */
const flushDeadlineMs = 2000
/** A collector that is away is reported this often, in milliseconds. */
const reportEveryMs = 60_000

/** Registers what turns the spans of this process into OTLP/JSON requests; dispose takes it out again. */
export function exportSpans(options: SpanExporting): AsyncDisposable {
  const provider = makeProvider(options)
  setGlobalErrorHandler(reportSometimes(options))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  return {
    [Symbol.asyncDispose]: async () => {
      await shutDown(provider)
      trace.disable()
      context.disable()
    },
  }
}

function makeProvider({ service, instance, url, headers, ratio }: SpanExporting): TracerProvider {
  const exporter = new OTLPTraceExporter({ url, headers, timeoutMillis: exportTimeoutMillis })
  return new TracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'omni2',
      'service.name': service,
      'service.instance.id': instance,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize,
        maxExportBatchSize,
        scheduledDelayMillis,
        exportTimeoutMillis,
      }),
    ],
  })
}

function reportSometimes({ log }: SpanExporting): (error: unknown) => void {
  let reportedAt = -Infinity
  return (error) => {
    if (performance.now() - reportedAt < reportEveryMs) return
    reportedAt = performance.now()
    log.warn({ err: error }, 'traces not exported')
  }
}

/** A collector that is away must not hold a shutdown up, nor may what it was sent. */
async function shutDown(provider: TracerProvider): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, flushDeadlineMs)
  await Promise.race([provider.shutdown().catch(() => {}), late.promise])
  clearTimeout(timer)
}
