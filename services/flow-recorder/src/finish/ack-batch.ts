import type { ReadableMessage } from '../decode/decode-message.ts'

/**
 * Acknowledges committed messages, all in one tick and so in one write. An ack that is lost brings its message again,
 * and writing it again changes nothing.
 */
export function acknowledge(written: readonly ReadableMessage[]): void {
  for (const { message } of written) message.ack()
}

/** Delay before a returned message is delivered again, in milliseconds: longer than this recorder's last pull lasts. */
const giveBackMs = 3000

/** Lets another recorder have messages that this one stops before, sooner than their ack_wait would. */
export function giveBack(unwritten: readonly ReadableMessage[]): void {
  for (const { message } of unwritten) message.nak(giveBackMs)
}
