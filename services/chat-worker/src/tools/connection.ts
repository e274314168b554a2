import { StreamableHTTPClientTransport, type Client } from '@modelcontextprotocol/client'

/**
 * One session with an MCP server. It is *open*; *retired*, when it takes no new work and waits for what runs on it; and
 * *closed*. The server's own end of it, such as a process that exits, closes it at once.
 */
export class Connection implements AsyncDisposable {
  readonly #client: Client
  #running = 0
  #state: 'open' | 'retired' | 'closed' = 'open'

  constructor(client: Client) {
    this.#client = client
    Object.assign(client, {
      onclose: () => (this.#state = 'closed'),
      // What fails here fails a request too, where it is told; the rest are answers that nobody waits for any more.
      onerror: () => {},
    })
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  async use<T>(work: (client: Client) => Promise<T>): Promise<T> {
    this.#running += 1
    try {
      return await work(this.#client)
    } finally {
      this.#running -= 1
      if (this.#state === 'retired' && this.#running === 0) void this[Symbol.asyncDispose]()
    }
  }

  /** Takes no new work and closes when nothing runs. */
  retire(): void {
    if (this.#state !== 'open') return
    this.#state = 'retired'
    if (this.#running === 0) void this[Symbol.asyncDispose]()
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

const endSessionMs = 1000

/** Tells the server that its session is over; one that does not answer in time will find out by itself. */
async function endSession(transport: StreamableHTTPClientTransport): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, endSessionMs)
  await Promise.race([transport.terminateSession().catch(() => {}), late])
  clearTimeout(timer)
}
