import { encodeCursor, readFrameHead, turnErrorEvent, type FrameHead } from '@omni2/contracts'

const encoder = new TextEncoder()
const dataPrefix = '\ndata: '
const end = encoder.encode('\n\n')

/**
 * Writes a frame as an SSE event: named as the frame, its cursor as id, the frame's bytes as they are; they are JSON on
 * one line. An event without an id leaves the client's cursor where it is: `waiting` stands nowhere in the turn's order.
 *
 * An `error` comes twice, first under a name that an EventSource keeps apart from the breaks of its own connection. Only
 * the second moves the cursor, so a stream that breaks in between gets the error again.
 */
export function encodeFrameEvent(bytes: Uint8Array): Uint8Array {
  const head = readFrameHead(bytes)
  const id = head && standsInOrder(head) ? `\nid: ${encodeCursor(head)}` : ''
  const name = head?.type ?? readType(bytes)
  const event = [encoder.encode(`event: ${name}${id}${dataPrefix}`), bytes, end]
  if (name !== 'error') return Buffer.concat(event)
  return Buffer.concat([encoder.encode(`event: ${turnErrorEvent}${dataPrefix}`), bytes, end, ...event])
}

/** The type of any frame: it comes first in all of them. */
export function readType(bytes: Uint8Array): string {
  const [, type] = /^\{"type":"([a-z_]+)"/.exec(Buffer.from(bytes.subarray(0, 64)).toString('latin1')) ?? []
  if (type === undefined) throw new TypeError('not a frame')
  return type
}

/** `accepted` is the beginning, attempt 0, seq 0; the edge's other frames come in the middle. */
const standsInOrder = ({ type, attempt, seq }: FrameHead): boolean =>
  type === 'accepted' || attempt > 0 || seq > 0

/** Sets how long the client waits before it reconnects after the stream breaks. */
export const encodeRetry = (ms: number): string => `retry: ${ms}\n\n`

/** Keeps what lies between from taking the stream for dead; clients ignore it. */
export const keepAliveComment = ': still here\n\n'
