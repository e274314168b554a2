import type { WebSocket } from 'ws'

interface HeartbeatOptions {
  readonly intervalMs: number
  /** From 0 to 1: spreads the first pings of connections that came together. */
  readonly random: () => number
  /** No pong came from one ping to the next. */
  readonly onSilent: () => void
}

/** Pings a socket until disposed. */
export function keepAlive(
  socket: Pick<WebSocket, 'ping' | 'on'>,
  { intervalMs, random, onSilent }: HeartbeatOptions,
): Disposable {
  let isAwaitingPong = false
  const ping = () => {
    if (isAwaitingPong) return onSilent()
    isAwaitingPong = true
    socket.ping()
    timer = setTimeout(ping, intervalMs)
  }
  // Whole steps, so that the timers of many connections share few lists.
  let timer = setTimeout(ping, Math.ceil(intervalMs * (Math.ceil(random() * 16) / 16)))
  socket.on('pong', () => (isAwaitingPong = false))
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}
