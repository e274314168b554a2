import type { Readable } from 'node:stream'
import { APIError } from '@anthropic-ai/sdk'
import { createParser } from 'eventsource-parser'
import { decodeEvent, type StreamEvent } from './stream-event.ts'

/** The stream is not a valid stream of the API, or it ends too early. */
export class StreamCutError extends Error {
  override readonly name = 'StreamCutError'
}

/** Longest event of a stream, in characters. */
const longestEvent = 8 * 1024 * 1024

/** Longest wait for the end of a body after its message, in milliseconds. */
const drainMs = 1000

interface StreamSource {
  body: Readable
  headers: Headers
  /** Ends the stream with its reason. The SDK forgets the signal of a call once its `Response` is garbage. */
  signal: AbortSignal
  /** Called before data is parsed, also for pings, comments and events of unknown types. */
  onBytes: () => void
}

type Receive = (events: readonly StreamEvent[]) => void

/**
 * The events of a streamed answer, in batches as they arrive, up to the one that ends the message; data after it is not
 * part of the message. An `error` event and an unreadable one end it with an error, after the events before them. Until
 * it is followed, events are kept. Its disposal frees the connection.
 */
export class EventStream implements Disposable {
  readonly #body: Readable
  readonly #headers: Headers
  readonly #signal: AbortSignal
  readonly #begun = Promise.withResolvers<void>()
  readonly #over = Promise.withResolvers<void>()
  #kept: StreamEvent[] = []
  #receive: Receive = (events) => void this.#kept.push(...events)
  #isOver = false
  #hasStopped = false
  #isFreed = false
  readonly #abort = (): void => this.#end(this.#signal.reason)

  constructor({ body, headers, signal, onBytes }: StreamSource) {
    this.#body = body
    this.#headers = headers
    this.#signal = signal
    this.#begun.promise.catch(() => {})
    this.#over.promise.catch(() => {})
    const feed = openFeed()
    body.on('data', (bytes: Uint8Array) => {
      if (this.#isOver) return
      onBytes()
      this.#take(feed(bytes))
    })
    body.on('end', () => {
      if (this.#isOver) return
      onBytes()
      this.#take(feed(undefined))
      this.#end()
    })
    body.on('error', (error) => this.#end(error))
    signal.addEventListener('abort', this.#abort)
    body.on('close', () => {
      if (!this.#isOver) this.#end(new StreamCutError('the connection of the stream was closed'))
    })
    if (signal.aborted) this.#abort()
  }

  /** Resolves with the first event, or with the end of a stream without events; rejects if the first is an error. */
  get begun(): Promise<void> {
    return this.#begun.promise
  }

  /** Hands over what came, and what comes; resolves at the end, and rejects if there is an error or `receive` throws. */
  follow(receive: Receive): Promise<void> {
    this.#receive = receive
    if (this.#kept.length > 0) this.#hand(this.#kept)
    this.#kept = []
    return this.#over.promise
  }

  #take(events: readonly StreamEvent[]): void {
    const index = events.findIndex(isLast)
    const last = events[index]
    const fault = last && describeFault(last, this.#headers)
    const readable = index === -1 ? events : events.slice(0, fault ? index : index + 1)
    if (readable.length > 0) {
      this.#begun.resolve()
      this.#hand(readable)
    }
    if (!last) return
    this.#hasStopped = !fault
    this.#end(fault)
  }

  #hand(events: readonly StreamEvent[]): void {
    try {
      this.#receive(events)
    } catch (error) {
      this.#end(error)
    }
  }

  #end(error?: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    if (error === undefined) {
      this.#begun.resolve()
      this.#over.resolve()
    } else {
      this.#begun.reject(error)
      this.#over.reject(error)
    }
    this[Symbol.dispose]()
  }

  /** A body is read to its end, so that the next call can use its connection. One that does not end is closed. */
  [Symbol.dispose](): void {
    this.#isOver = true
    this.#signal.removeEventListener('abort', this.#abort)
    if (this.#body.closed || this.#isFreed) return
    this.#isFreed = true
    if (!this.#hasStopped) return void this.#body.destroy()
    const closing = setTimeout(() => this.#body.destroy(), drainMs)
    this.#body.once('close', () => clearTimeout(closing))
  }
}

const isLast = ({ type }: StreamEvent): boolean =>
  type === 'message_stop' || type === 'error' || type === 'unreadable'

/** Why an event ends the stream with an error: the API says so, as the SDK reports it, or it cannot be read. */
function describeFault(event: StreamEvent, headers: Headers): Error | undefined {
  if (event.type === 'error') return new APIError(undefined, event, undefined, headers)
  return event.type === 'unreadable' ? new StreamCutError('an event of the stream cannot be read') : undefined
}

/** Takes the bytes of a stream as they arrive, undefined at the end, and returns the events that they complete. */
function openFeed(): (bytes: Uint8Array | undefined) => StreamEvent[] {
  const decoder = new TextDecoder()
  let events: StreamEvent[] = []
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: (message) => {
      const event = decodeEvent(message)
      if (event) events.push(event)
    },
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') events.push({ type: 'unreadable' })
    },
  })
  return (bytes) => {
    events = []
    // The blank line after the last event may be missing.
    parser.feed(bytes ? decoder.decode(bytes, { stream: true }) : `${decoder.decode()}\n\n`)
    return events
  }
}
