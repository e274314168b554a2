import { SdkHttpError, StreamableHTTPClientTransport, type Client } from '@modelcontextprotocol/client'
import { withDeadline } from '@omni2/service-kit'
import { SessionLostError } from './tool-errors.ts'

/**
 * One session with an MCP server. It is *open*; *retired*, when it takes no new work and waits a limited time for
 * running work; and *closed*. If the server ends it, for example when its process exits, it closes at once.
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
      // Such an error also fails a request, which reports it. Others are answers that no request waits for.
      onerror: () => {},
    })
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Rejects as the work does, or with SessionLostError if the server no longer knows the session. */
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

  /** Takes no new work and closes when no work runs. Work that hangs is rejected after a time. */
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

/** Answers of a server to an unknown session: it has forgotten the session, and did not act. */
const isSessionUnknown = (error: unknown): boolean =>
  error instanceof SdkHttpError && (error.status === 400 || error.status === 404)

const endSessionMs = 1000

/** Notifies the server that its session is over. If it does not answer in time, the session expires there. */
async function endSession(transport: StreamableHTTPClientTransport): Promise<void> {
  await withDeadline(transport.terminateSession(), { ms: endSessionMs }).catch(() => {})
}
