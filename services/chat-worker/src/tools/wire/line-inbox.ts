import type { JSONRPCMessage } from '@modelcontextprotocol/client'
import { MessageTooLargeError } from './message-meter.ts'
import { Inbox } from './inbox.ts'

/** What a process says, line by line, in place of the client's own buffer; what is no message is passed over. */
export class LineInbox {
  readonly #inbox: Inbox
  readonly #decoder = new TextDecoder()
  readonly #maxLength: number
  #pending: string[] = []
  #pendingLength = 0
  #messages: JSONRPCMessage[] = []

  constructor({ maxLength }: { maxLength: number }) {
    this.#inbox = new Inbox({ maxLength })
    this.#maxLength = maxLength
  }

  /** Throws MessageTooLargeError or FloodError; the client then ends the process. */
  append(chunk: Uint8Array): void {
    const [first = '', ...others] = this.#decoder.decode(chunk, { stream: true }).split('\n')
    this.#keep(first)
    for (const begun of others) {
      this.#take(this.#pending.join(''))
      this.clear()
      this.#keep(begun)
    }
  }

  readMessage(): JSONRPCMessage | null {
    return this.#messages.shift() ?? null
  }

  clear(): void {
    this.#pending = []
    this.#pendingLength = 0
  }

  #keep(piece: string): void {
    this.#pendingLength += piece.length
    if (this.#pendingLength > this.#maxLength) throw new MessageTooLargeError()
    this.#pending.push(piece)
  }

  #take(line: string): void {
    if (line.trim() === '') return
    this.#inbox.count()
    if (!/^\s*[{[]/.test(line)) return
    this.#inbox.openMeter().add(line)
    try {
      this.#messages.push(...this.#inbox.read(line))
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
}
