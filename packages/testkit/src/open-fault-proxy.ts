import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export interface FaultProxy extends AsyncDisposable {
  /** On 127.0.0.1. */
  readonly port: number
  /** Lets nothing through in either direction, connections stay open, until `resume`. */
  stall(): void
  resume(): void
  /** Holds back every chunk by this many milliseconds; 0 ends it. */
  delay(ms: number): void
  /** Lets this many bytes a second through in each direction of a connection; 0 ends it. */
  limit(bytesPerSecond: number): void
  /** Resets every open connection; new ones are accepted as before. */
  dropAll(): void
}

/** A TCP relay to a port of 127.0.0.1 that can fail on request. Buffers at most two stream buffers a direction. */
export async function openFaultProxy({ targetPort }: { targetPort: number }): Promise<FaultProxy> {
  const proxy = new Relay(targetPort)
  const server = createServer({ allowHalfOpen: true }, (client) => proxy.accept(client)).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    stall: () => proxy.stall(),
    resume: () => proxy.resume(),
    delay: (ms) => proxy.delay(ms),
    limit: (bytesPerSecond) => proxy.limit(bytesPerSecond),
    dropAll: () => proxy.dropAll(),
    [Symbol.asyncDispose]: async () => {
      server.close()
      proxy.resume()
      proxy.dropAll()
      await once(server, 'close')
    },
  }
}

/** Flowing, or stalled from `stall` to `resume`; a chunk waits for flowing, its delay, its share of
 * a narrow line, and its receiver. */
class Relay {
  readonly #targetPort: number
  readonly #sockets = new Set<Socket>()
  #delayMs = 0
  #bytesPerSecond = 0
  #flowing = Promise.withResolvers<void>()

  constructor(targetPort: number) {
    this.#targetPort = targetPort
    this.resume()
  }

  accept(client: Socket) {
    const target = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [client, target]) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => this.#sockets.delete(socket))
    }
    void this.#relay(client, target)
    void this.#relay(target, client)
  }

  stall() {
    this.#flowing = Promise.withResolvers()
  }

  resume() {
    this.#flowing.resolve()
  }

  delay(ms: number) {
    this.#delayMs = ms
  }

  limit(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond
  }

  dropAll() {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async #relay(from: Socket, to: Socket) {
    // Either end closing ends both; that is the relay's job, not an error.
    await pipeline(from, (chunks) => this.#hold(chunks), to).catch(() => undefined)
  }

  async *#hold(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      await this.#flowing.promise
      if (this.#delayMs > 0) await sleep(this.#delayMs)
      if (this.#bytesPerSecond > 0) await sleep((1000 * chunk.length) / this.#bytesPerSecond)
      yield chunk
    }
  }
}
