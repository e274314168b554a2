import { openMetrics, openTracing, type MetricDeclarations, type Metrics } from '@omni2/telemetry'
import type { Environment, ServiceConfig } from './config.ts'
import { openHealthServer } from './health-server.ts'
import type { Logger } from './logger.ts'
import { Readiness } from './readiness.ts'
import { beginService } from './service.ts'
import { shutdownSignal } from './shutdown.ts'
import { Watchdog, type WatchdogOptions } from './watchdog/watchdog.ts'

/** What differs between services when they start. */
interface ServiceOptions<C extends ServiceConfig, D extends MetricDeclarations> {
  readonly env: Environment
  readonly readConfig: (env: Environment) => C
  readonly metrics: D
  /** Names of what must hold before the service is ready. */
  readonly conditions: readonly string[]
  /** What the watchdog reports before it kills the process. */
  readonly stallReport?: (started: { config: C; instance: string }) => WatchdogOptions['report']
}

interface OpenedService<C extends ServiceConfig, D extends MetricDeclarations> extends AsyncDisposable {
  readonly config: C
  /** Name of this process among its replicas. */
  readonly instance: string
  readonly log: Logger
  /** Aborts when the process is asked to stop; readiness is false before any other listener runs. */
  readonly stopping: AbortSignal
  readonly watchdog: Watchdog
  readonly readiness: Readiness
  readonly metrics: Metrics<D>
  readonly healthPort: number
}

/**
 * Starts what every service has before its own parts: configuration, log, shutdown signal, watchdog, readiness,
 * metrics, tracing and health server. Dispose closes them in reverse order. When one fails to open, those before it
 * close.
 */
export async function openService<C extends ServiceConfig, D extends MetricDeclarations>(
  name: string,
  options: ServiceOptions<C, D>,
): Promise<OpenedService<C, D>> {
  const { config, instance, log } = beginService(name, options.readConfig, options.env)
  const stopping = shutdownSignal(config.SHUTDOWN_DEADLINE_MS)
  const readiness = new Readiness(options.conditions)
  stopping.addEventListener('abort', () => readiness.close())
  const { metrics, renderMetrics } = openMetrics(options.metrics)
  await using opening = new AsyncDisposableStack()
  const watchdog = opening.use(
    new Watchdog({
      service: { name, instance, level: config.LOG_LEVEL },
      stallMs: config.EVENT_LOOP_STALL_MS,
      report: options.stallReport?.({ config, instance }),
    }),
  )
  opening.use(await openTracing({ service: name, instance, config, log }))
  const address = { host: config.HEALTH_HOST, port: config.HEALTH_PORT }
  const health = opening.use(await openHealthServer(address, readiness, renderMetrics))
  const opened = opening.move()
  return {
    config,
    instance,
    log,
    stopping,
    watchdog,
    readiness,
    metrics,
    healthPort: health.port,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
