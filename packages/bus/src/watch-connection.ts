import type { Logger } from '@omni2/service-kit'
import type { NatsConnection } from '@nats-io/transport-node'
import type { PublishRefusedError, PublishUnknownError } from './bus-errors.ts'

/** Receives the events of a connection, and of durable publishes over it. */
export interface ConnectionListener {
  onLost?(): void
  /** `awayMs`: how long the connection was away, in milliseconds by the monotonic clock. */
  onRestored?(awayMs: number): void
  /** All tries of a durable publish have failed. */
  onPublishFailed?(error: PublishRefusedError | PublishUnknownError): void
}

/** How long a stale connection may take to close by itself before its socket is destroyed, in milliseconds. */
const staleGraceMs = 1000

/** Follows a connection's status until it closes, and notifies the listeners. */
export async function watchConnection(
  connection: NatsConnection,
  listeners: ReadonlySet<ConnectionListener>,
  log: Logger,
): Promise<void> {
  let lostAt: number | undefined
  for await (const status of connection.status()) {
    if (status.type === 'disconnect' && lostAt === undefined) {
      lostAt = performance.now()
      log.warn({ server: status.server }, 'nats connection lost')
      notifyListeners(listeners, (listener) => listener.onLost?.(), log)
    } else if (status.type === 'reconnect') {
      const awayMs = Math.round(performance.now() - (lostAt ?? performance.now()))
      lostAt = undefined
      log.info({ server: status.server, away_ms: awayMs }, 'nats connection restored')
      notifyListeners(listeners, (listener) => listener.onRestored?.(awayMs), log)
    } else if (status.type === 'staleConnection') {
      setTimeout(() => lostAt === undefined && destroySocket(connection), staleGraceMs).unref()
    } else if (status.type === 'error') {
      log.error({ err: status.error }, 'nats error')
    }
  }
}

/** Notifies each listener, even when another one throws. */
export function notifyListeners(
  listeners: ReadonlySet<ConnectionListener>,
  notify: (listener: ConnectionListener) => void,
  log: Logger,
): void {
  for (const listener of listeners) {
    try {
      notify(listener)
    } catch (error) {
      log.error({ err: error }, 'a listener of the nats connection failed')
    }
  }
}

/** Closes a connection whose server does not answer; the client itself leaves the socket that it is just opening. */
export async function abandonConnection(connection: NatsConnection): Promise<void> {
  await connection.close()
  const { protocol } = connection as { protocol?: { transport?: { discard(): void } } }
  protocol?.transport?.discard()
}

/** The client waits for a pending write before it closes a stale connection, without end when the peer is frozen. */
function destroySocket(connection: NatsConnection): void {
  const { protocol } = connection as { protocol?: { transport?: { socket?: { destroy(): void } } } }
  protocol?.transport?.socket?.destroy()
}
