import { setTimeout as delay } from 'node:timers/promises'
import { type ProcessExit, sendSignal } from '@omni2/local-servers'
import { describeExit } from './describe-exit.ts'

/** A process that answers. */
export interface RunningProcess {
  /** Absent for a server that another program runs. */
  readonly pid: number | undefined
  readonly exited: Promise<ProcessExit>
  stop(): Promise<void>
}

export interface KeepOptions<P extends RunningProcess> {
  readonly name: string
  /** Launches the process and resolves when it answers; must stop what it launched before it rejects. */
  readonly open: (signal: AbortSignal) => Promise<P>
  readonly report: (line: string) => void
}

/** Pause before a restart in milliseconds: doubled by each end that follows soon, up to the longest. */
const restartPauseMs = { first: 200, longest: 10_000 }
/** After this long the next end counts as the first again. */
const steadyMs = 60_000

/**
 * One process kept alive. It is *running* from the start; when it ends unasked it is *pausing*, then *opening* again,
 * until it runs; `stop` makes it *stopping* from any of these, and it is never opened again.
 */
export class KeptProcess<P extends RunningProcess> {
  readonly #options: KeepOptions<P>
  readonly #stopping = new AbortController()
  readonly #keeping: Promise<void>
  #running: P | undefined

  constructor(running: P, options: KeepOptions<P>) {
    this.#options = options
    this.#running = running
    this.#keeping = this.#keep(running)
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running?.stop()
    await this.#keeping
  }

  /** Ends the process and its children at once; they get no time to clean up. */
  kill(): void {
    this.#stopping.abort()
    if (this.#running?.pid !== undefined) sendSignal(-this.#running.pid, 'SIGKILL')
  }

  async #keep(first: P): Promise<void> {
    let running: P | undefined = first
    for (let ends = 0; running !== undefined; ends += 1) {
      const startedAt = performance.now()
      const exit = await running.exited
      this.#running = undefined
      if (this.#stopping.signal.aborted) return
      if (performance.now() - startedAt > steadyMs) ends = 0
      running = await this.#openAgain(describeExit(exit), ends)
    }
  }

  async #openAgain(end: string, ends: number): Promise<P | undefined> {
    const { name, report } = this.#options
    for (let tries = ends, reason = end; ; tries += 1) {
      const pauseMs = Math.min(restartPauseMs.first * 2 ** tries, restartPauseMs.longest)
      report(`${name} ended unexpectedly (${reason}); starting it again in ${pauseMs} ms`)
      await delay(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
      if (this.#stopping.signal.aborted) return undefined
      try {
        return await this.#open()
      } catch (error) {
        if (this.#stopping.signal.aborted) return undefined
        reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
      }
    }
  }

  async #open(): Promise<P | undefined> {
    const running = await this.#options.open(this.#stopping.signal)
    this.#running = running
    // Stopping may have begun while it opened: then it has to be stopped here.
    if (this.#stopping.signal.aborted) await running.stop()
    else this.#options.report(`${this.#options.name} runs again (pid ${running.pid})`)
    return running
  }
}
