import type { SpanExporting } from './export-spans.ts'

/** The standard variables of OpenTelemetry that matter here. */
export interface TracingConfig {
  /** Where traces go: the base URL of an OTLP/HTTP collector; without it there are none. */
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined
  /** Headers of each export, `name=value,name=value`. */
  readonly OTEL_EXPORTER_OTLP_HEADERS?: Readonly<Record<string, string>> | undefined
  /** Share of turns that are traced, from 0 to 1. */
  readonly OTEL_TRACES_SAMPLER_ARG: number
}

interface TracingOptions {
  readonly service: string
  readonly instance: string
  readonly config: TracingConfig
  readonly log: SpanExporting['log']
}

/**
 * Begins to export spans where a collector is configured; without one nothing is loaded and spans cost next to nothing.
 * Dispose sends what is left, for two seconds at most.
 */
export async function openTracing({
  service,
  instance,
  config,
  log,
}: TracingOptions): Promise<AsyncDisposable> {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT
  if (endpoint === undefined) return { [Symbol.asyncDispose]: async () => {} }
  const { exportSpans } = await import('./export-spans.ts')
  return exportSpans({
    service,
    instance,
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...config.OTEL_EXPORTER_OTLP_HEADERS },
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
    log,
  })
}
