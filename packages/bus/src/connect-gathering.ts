import type { ConnectionOptions, NatsConnection } from '@nats-io/transport-node'
import { NatsConnectionImpl, setTransportFactory } from '@nats-io/transport-node/lib/nats-base-client.js'
import { NodeTransport, nodeResolveHost } from '@nats-io/transport-node/lib/node_transport.js'

/**
 * The transport of the library, which writes to its socket in every microtask that sent something. A write costs as
 * much as the work between two of them, so this one gathers what one turn of the event loop sends into one write.
 */
class GatheringTransport extends NodeTransport {
  #isGathering = false

  override send(frame: Uint8Array): void {
    if (!this.#isGathering && !this.isClosed) this.#gather()
    super.send(frame)
  }

  #gather(): void {
    const { socket } = this
    this.#isGathering = true
    socket.cork()
    setImmediate(() => {
      this.#isGathering = false
      socket.uncork()
    })
  }
}

/** Connects as `connect` of the library does, with one write for each turn of the event loop. */
export function connectGathering(options: ConnectionOptions): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new GatheringTransport(), dnsResolveFn: nodeResolveHost })
  return NatsConnectionImpl.connect(options)
}
