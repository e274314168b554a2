import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { openNats, type RunningServer, sendSignal } from '@omni2/local-servers'
import { whenStopped } from '../when-stopped.ts'

/** What a test can do to its nats-server. */
export interface NatsControls extends AsyncDisposable {
  /** Without credentials. */
  readonly url: string
  /** Of the nats-server process; undefined in a container and while it is stopped. */
  readonly pid: number | undefined
  stop(): Promise<void>
  /** As `kill -9`. */
  kill(): Promise<void>
  /** Stops it when it runs and starts it again on the same port and store. */
  restart(): Promise<void>
  /** Stops it from doing anything, its sockets stay open, until `thaw`. */
  freeze(): Promise<void>
  thaw(): Promise<void>
}

/** Starts nats-server as a process of this machine; its store is in the run's folder. */
export async function openNatsProcess(config: string, { folder }: { folder: string }): Promise<NatsControls> {
  const dataDir = join(folder, `nats-${randomBytes(4).toString('hex')}`)
  const start = (port?: number) => openNats({ dataDir, config, port, log: () => {} })
  return new NatsProcess(await start(), start)
}

/** Either running (with a server) or down (without); `restart` leads from both to running, the others to down. */
class NatsProcess implements NatsControls {
  readonly url: string
  readonly #port: number
  readonly #start: (port: number) => Promise<RunningServer>
  #server: RunningServer | undefined

  constructor(server: RunningServer, start: (port: number) => Promise<RunningServer>) {
    this.url = server.url
    this.#port = server.port
    this.#server = server
    this.#start = start
  }

  get pid() {
    return this.#server?.pid
  }

  async stop() {
    const server = this.#server
    this.#server = undefined
    await server?.stop()
  }

  async kill() {
    const server = this.#server
    this.#server = undefined
    if (server?.pid === undefined) return
    sendSignal(server.pid, 'SIGKILL')
    await server.stop()
  }

  async restart() {
    await this.stop()
    this.#server = await this.#start(this.#port)
  }

  async freeze() {
    this.#signal('SIGSTOP')
    if (this.pid !== undefined) await whenStopped(this.pid)
  }

  async thaw() {
    this.#signal('SIGCONT')
  }

  [Symbol.asyncDispose]() {
    return this.stop()
  }

  #signal(signal: NodeJS.Signals) {
    if (this.pid === undefined || !sendSignal(this.pid, signal))
      throw new Error('this nats-server is not running')
  }
}
