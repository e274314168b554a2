import type { JsMsg } from '@nats-io/jetstream'
import type { Bus } from './bus.ts'

/** The subject on which a delivered message is acknowledged. Undefined if the client library does not show it. */
export function readAckSubject(message: JsMsg): string | undefined {
  const { reply } = message as { reply?: unknown }
  return typeof reply === 'string' && reply.startsWith('$JS.ACK.') ? reply : undefined
}

/**
 * Returns a message to its queue in place of the process that received it, because that process died. The server
 * ignores this for a message that was acknowledged.
 */
export function returnMessage(ackSubject: string, bus: Pick<Bus, 'publish'>): void {
  bus.publish(ackSubject, '-NAK')
}
