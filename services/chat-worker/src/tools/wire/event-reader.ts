import type { Inbox } from './inbox.ts'
import { LineSplitter } from './line-splitter.ts'
import type { MessageMeter } from './message-meter.ts'

/** One event of a stream: its data, and the position from which the stream can be resumed. */
export interface StreamEvent {
  data: string
  id: string | undefined
}

/** Longest position in a stream. */
const idLength = 1024

/** Reads an event stream, and measures each event before it is parsed. Comments and other fields are ignored. */
export class EventReader {
  readonly #inbox: Inbox
  readonly #lines = new LineSplitter()
  #meter: MessageMeter
  #data: string[] = []
  #id: string | undefined
  #isMessage = true

  constructor(inbox: Inbox) {
    this.#inbox = inbox
    this.#meter = inbox.openMeter()
  }

  /** The events that this piece of the stream ends. */
  add(piece: string): StreamEvent[] {
    return this.#lines.add(piece).flatMap((line) => this.#take(line) ?? [])
  }

  #take(line: string): StreamEvent | undefined {
    if (line === '') return this.#end()
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'data') this.#add(value)
    if (field === 'id' && value.length <= idLength) this.#id = value
    if (field === 'event') this.#isMessage = value === 'message' || value === ''
    return undefined
  }

  #add(line: string): void {
    this.#meter.add(line)
    this.#data.push(line)
  }

  #end(): StreamEvent | undefined {
    const event = { data: this.#isMessage ? this.#data.join('\n') : '', id: this.#id }
    const isEmpty = event.data === '' && event.id === undefined
    this.#meter = this.#inbox.openMeter()
    this.#data = []
    this.#id = undefined
    this.#isMessage = true
    return isEmpty ? undefined : event
  }
}
