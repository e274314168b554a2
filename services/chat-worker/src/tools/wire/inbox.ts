import type { JSONRPCMessage } from '@modelcontextprotocol/client'
import { MessageMeter, MessageTooLargeError } from './message-meter.ts'
import { readMessages } from './read-message.ts'

/** A server sends more unrequested data than a client can process. */
export class FloodError extends Error {
  override readonly name = 'FloodError'
}

/** What a stream may bring in a span of time: events and lines, and requests, each of which is answered. */
const spanMs = 10_000
const mostEvents = 2000
const mostRequests = 100

/** Reads what a server says in one stream: each message is measured before it is parsed, and floods end it. */
export class Inbox {
  readonly #maxLength: number
  #spanEndsAt = 0
  #events = 0
  #requests = 0

  constructor({ maxLength }: { maxLength: number }) {
    this.#maxLength = maxLength
  }

  /** Measures a message that arrives in pieces. */
  openMeter(): MessageMeter {
    return new MessageMeter(this.#maxLength)
  }

  /** Reads a message that was measured; throws SyntaxError or FloodError. */
  read(json: string): JSONRPCMessage[] {
    const messages = readMessages(json)
    this.#events += messages.length
    this.#requests += messages.filter(isQuestion).length
    if (this.#requests > mostRequests || this.#events > mostEvents) throw new FloodError()
    return messages
  }

  /** Counts an event or a line that arrived, whatever it says; throws FloodError. */
  count(): void {
    if (performance.now() >= this.#spanEndsAt) {
      this.#spanEndsAt = performance.now() + spanMs
      this.#events = 0
      this.#requests = 0
    }
    this.#events += 1
    if (this.#events > mostEvents) throw new FloodError()
  }
}

const isQuestion = (message: JSONRPCMessage): boolean => 'method' in message && 'id' in message

/** Codes of errors that stand for answers which could not be read; outside of JSON-RPC's own range. */
export const unreadableCode = -31_998
export const tooLargeCode = -31_997

/** What stands for the answer to a request that came but cannot be read; undefined for failures of the connection. */
export function makeUnreadable(id: string | number, error: unknown): JSONRPCMessage | undefined {
  const code =
    error instanceof MessageTooLargeError || error instanceof FloodError
      ? tooLargeCode
      : error instanceof SyntaxError
        ? unreadableCode
        : undefined
  return code === undefined ? undefined : { jsonrpc: '2.0', id, error: { code, message: 'unreadable' } }
}
