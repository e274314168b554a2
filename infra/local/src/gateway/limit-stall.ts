import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/**
 * Closes a socket that reads nothing for this long while the source that is piped into it waits. A waiting source is
 * not read, so its own end would go unnoticed, too.
 */
export function limitStall(source: Readable, sink: Socket, timeoutMs: number): void {
  const cut = () => void sink.destroy()
  const limit = (ms: number) => () => {
    // Node pauses a request that has ended, and never resumes it.
    if (!source.readableEnded) sink.setTimeout(ms, cut)
  }
  source.on('pause', limit(timeoutMs))
  source.on('resume', limit(0))
}
