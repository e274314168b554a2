import type { JsMsg } from '@nats-io/jetstream'
import { headers, type MsgHdrs } from '@nats-io/transport-node'
import { currentTraceparent, traceparentHeader } from '@omni2/telemetry'

/** Headers that make the sending span the parent of what the message causes; none outside spans. */
export function makeTraceHeaders(): { headers?: MsgHdrs } {
  const traceparent = currentTraceparent()
  if (traceparent === undefined) return {}
  const made = headers()
  made.set(traceparentHeader, traceparent)
  return { headers: made }
}

/** The span that a message was sent in, as a traceparent; undefined for none. */
export const readTraceparent = (message: Pick<JsMsg, 'headers'>): string | undefined =>
  message.headers?.get(traceparentHeader) || undefined
