import type { Client } from '@modelcontextprotocol/client'
import type { Connection } from './connection.ts'
import { ServerUnusableError } from './tool-errors.ts'

interface KeptDeps {
  open: () => Promise<Connection>
  /** Whether the connection can serve others after this failure. */
  isUsableAfter: (error: unknown) => boolean
}

/**
 * One connection to a server: *absent* until a caller needs it, *opening* for all callers that wait, *open* until it
 * fails, then absent again; *closed* for good when its server was changed or the worker ends.
 */
export class KeptConnection implements AsyncDisposable {
  readonly #deps: KeptDeps
  #connection: Connection | undefined
  #opening: Promise<Connection> | undefined
  #isClosed = false

  constructor(deps: KeptDeps) {
    this.#deps = deps
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Resolves when it is open; all who ask meanwhile share one try. */
  async opened(): Promise<Connection> {
    if (this.#connection?.isOpen) return this.#connection
    if (this.#isClosed) throw new ServerUnusableError('it was just changed')
    return (this.#opening ??= this.#open().finally(() => (this.#opening = undefined)))
  }

  /** Works on the connection. */
  async use<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return this.useOpened(await this.opened(), work)
  }

  /** Works on a connection that was `opened`; one that fails is replaced for those who come later, and kept for those on it. */
  async useOpened<T>(connection: Connection, work: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await connection.use(work)
    } catch (error) {
      if (!this.#deps.isUsableAfter(error)) connection.retire()
      throw error
    }
  }

  async #open(): Promise<Connection> {
    const connection = await this.#deps.open()
    this.#connection = connection
    // Closing does not wait for a server that is slow to answer.
    if (this.#isClosed) connection.retire()
    return connection
  }

  /** Has those who come later open another one, and closes this one when what runs on it has ended. */
  replace(): void {
    this.#connection?.retire()
  }

  /** Lets what runs end, then closes. */
  retire(): void {
    this.#isClosed = true
    this.#connection?.retire()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    await this.#connection?.[Symbol.asyncDispose]()
  }
}
