import { url as inspectorUrl } from 'node:inspector'
import { Worker } from 'node:worker_threads'
import type { WatchdogOrders } from './watchdog-thread.ts'
import { WatchdogState } from './watchdog-state.ts'

export interface WatchdogOptions {
  service: { name: string; instance: string; level: string }
  /** Milliseconds without a turn of the event loop after which the process is killed. */
  stallMs: number
  /** Module whose `reportStall` the thread calls before the kill, and what that gets. */
  report?: { module: URL; data: unknown } | undefined
}

/** How often the event loop shows that it turns, in milliseconds. */
const beatMs = 250

/**
 * Kills the process (SIGKILL) when its event loop stands still for `stallMs`, so that what supervises it starts it again:
 * such a process holds its work and its connections and does nothing. A process that is stopped from outside (SIGSTOP)
 * does not count, and under a debugger nothing is watched.
 */
export class Watchdog implements AsyncDisposable {
  readonly #state = new WatchdogState()
  readonly #beating: NodeJS.Timeout
  readonly #thread: Worker | undefined

  constructor(options: WatchdogOptions) {
    this.#beating = setInterval(() => this.#state.turn(), Math.min(beatMs, options.stallMs / 4)).unref()
    if (inspectorUrl() === undefined) this.#thread = startThread(this.#state, options)
  }

  /** Notes the id of what the event loop works on until it turns; the report gets it when the loop stands still. */
  note(id: string): void {
    this.#state.note = id
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#beating)
    await this.#thread?.terminate()
  }
}

function startThread(state: WatchdogState, { service, stallMs, report }: WatchdogOptions): Worker {
  const orders: WatchdogOrders = {
    memory: state.memory,
    service,
    stallMs,
    report: report && { module: report.module.href, data: report.data },
  }
  const thread = new Worker(new URL('watchdog-thread.ts', import.meta.url), { workerData: orders })
  thread.unref()
  return thread
}
