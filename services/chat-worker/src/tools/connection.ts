import { SdkHttpError, StreamableHTTPClientTransport, type Client } from '@modelcontextprotocol/client'
import { withDeadline } from '@omni2/service-kit'
import { SessionLostError } from './tool-errors.ts'

/**
 * One session with an MCP server. It is *open*; *retired*, when it takes no new work and waits for what runs on it, but not
 * for ever; and *closed*. The server's own end of it, such as a process that exits, closes it at once.
 */
export class Connection implements AsyncDisposable {
  readonly #client: Client
  readonly #retireMs: number
  #running = 0
  #state: 'open' | 'retired' | 'closed' = 'open'

  /** With the longest wait for what runs on it when it is retired, in milliseconds. */
  constructor(client: Client, { retireMs }: { retireMs: number }) {
    this.#client = client
    this.#retireMs = retireMs
    Object.assign(client, {
      onclose: () => (this.#state = 'closed'),
      // What fails here fails a request too, where it is told; the rest are answers that nobody waits for any more.
      onerror: () => {},
    })
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Rejects as the work does, or with SessionLostError where the server no longer knows the session. */
  async use<T>(work: (client: Client) => Promise<T>): Promise<T> {
    this.#running += 1
    const hasSession = this.#hasSession
    try {
      return await work(this.#client)
    } catch (error) {
      throw hasSession && isSessionUnknown(error)
        ? new SessionLostError('session lost', { cause: error })
        : error
    } finally {
      this.#running -= 1
      if (this.#state === 'retired' && this.#running === 0) void this[Symbol.asyncDispose]()
    }
  }

  /** Takes no new work and closes when nothing runs; what hangs is rejected in the end. */
  retire(): void {
    if (this.#state !== 'open') return
    this.#state = 'retired'
    const close = () => void this[Symbol.asyncDispose]()
    if (this.#running === 0) close()
    else setTimeout(close, this.#retireMs).unref()
  }

  get #hasSession(): boolean {
    const { transport } = this.#client
    return transport instanceof StreamableHTTPClientTransport && transport.sessionId !== undefined
  }

  /** Closes at once; requests that run are rejected. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    const { transport } = this.#client
    if (transport instanceof StreamableHTTPClientTransport) await endSession(transport)
    await this.#client.close().catch(() => {})
  }
}

/** What servers answer when they know no such session, or no longer: they have forgotten it, not acted. */
const isSessionUnknown = (error: unknown): boolean =>
  error instanceof SdkHttpError && (error.status === 400 || error.status === 404)

const endSessionMs = 1000

/** Tells the server that its session is over; one that does not answer in time will find out by itself. */
async function endSession(transport: StreamableHTTPClientTransport): Promise<void> {
  await withDeadline(transport.terminateSession(), { ms: endSessionMs }).catch(() => {})
}
