import { createParser } from 'eventsource-parser'
import { decodeEvent, type StreamEvent } from './stream-event.ts'

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** Longest event of a stream, in characters. */
const longestEvent = 8 * 1024 * 1024

/** Longest wait for the end of a body after its message, in milliseconds. */
const drainMs = 1000

/**
 * The events of a streamed answer, in batches as they arrive, up to the one that ends the message. Data after it is not
 * part of the message. `onBytes` is called before the data is parsed, also for pings, comments and events of unknown
 * types.
 */
export async function* readEvents(
  { body }: Response,
  onBytes: () => void,
): AsyncGenerator<readonly StreamEvent[]> {
  if (!body) return
  const reader = body.getReader()
  const feed = openFeed()
  let isOver = false
  try {
    while (!isOver) {
      const { done, value } = await reader.read()
      onBytes()
      const events = feed(value)
      const stop = events.findIndex(({ type }) => type === 'message_stop')
      isOver = done || stop !== -1
      if (events.length > 0) yield stop === -1 ? events : events.slice(0, stop + 1)
    }
  } finally {
    void (isOver ? drain(reader) : reader.cancel().catch(() => {}))
  }
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

/** Reads a body to its end, so that the next call can use its connection. A body that does not end is closed. */
async function drain(reader: Reader): Promise<void> {
  const closing = setTimeout(() => void reader.cancel().catch(() => {}), drainMs)
  try {
    while (!(await reader.read()).done);
  } catch {
    // The connection is closed already.
  } finally {
    clearTimeout(closing)
  }
}
