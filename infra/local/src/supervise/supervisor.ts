import { KeptProcess, type KeepOptions, type RunningProcess } from './kept-process.ts'

/** Groups of processes in the order in which they are stopped: those that accept work first, servers last. */
export const stopOrder = ['edges', 'workers', 'recorders', 'support', 'servers'] as const

export type StopGroup = (typeof stopOrder)[number]

interface Member {
  readonly name: string
  readonly group: StopGroup
  readonly kept: KeptProcess<RunningProcess>
}

/**
 * Keeps processes alive until it is disposed. It is *keeping* while processes are added and restarted; disposing makes
 * it *stopping*, group after group in `stopOrder`, each process with its own deadline.
 */
export class Supervisor implements AsyncDisposable {
  readonly #report: (line: string) => void
  readonly #signal: AbortSignal
  readonly #members: Member[] = []

  /** `signal` gives up on processes that are being opened; those that run wait for disposal. */
  constructor({ report, signal }: { report: (line: string) => void; signal: AbortSignal }) {
    this.#report = report
    this.#signal = signal
  }

  /** Opens a process and keeps it alive; rejects when it does not open the first time. */
  async keep<P extends RunningProcess>(
    group: StopGroup,
    options: Omit<KeepOptions<P>, 'report'>,
  ): Promise<P> {
    const running = await options.open(this.#signal)
    // A server that another program runs is neither restarted nor stopped here, and its end is not seen.
    if (running.pid === undefined) return running
    const kept = new KeptProcess<RunningProcess>(running, { ...options, report: this.#report })
    this.#members.push({ name: options.name, group, kept })
    return running
  }

  /** Stops processes in order, all at the same time, and no longer restarts them. */
  async release(names: readonly string[]): Promise<void> {
    const members = this.#members.filter(({ name }) => names.includes(name))
    await Promise.all(members.map(({ kept }) => kept.stop()))
    for (const member of members) this.#members.splice(this.#members.indexOf(member), 1)
  }

  /** Kills every process and its children at once; what is being stopped is then gone. */
  kill(): void {
    for (const { kept } of this.#members) kept.kill()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const group of stopOrder) {
      const members = this.#members.filter((member) => member.group === group)
      await Promise.all(members.map((member) => member.kept.stop()))
    }
  }
}
