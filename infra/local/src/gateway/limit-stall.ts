import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/**
 * Closes a socket that reads nothing for this long while the source that is piped into it waits. A waiting source is
 * not read, so its own end would go unnoticed, too.
 */
export function limitStall(source: Readable, sink: Socket, timeoutMs: number): void {
  const cut = () => void sink.destroy()
  source.on('pause', () => sink.setTimeout(timeoutMs, cut))
  source.on('resume', () => sink.setTimeout(0, cut))
}
