import { createParser } from 'eventsource-parser'
import { decodeEvent, type StreamEvent } from './stream-event.ts'

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** Longest event of a stream, in characters. */
const longestEvent = 8 * 1024 * 1024

/** Longest wait for the end of a body behind the message in it, in milliseconds. */
const drainMs = 1000

/**
 * The events of a streamed answer, in batches as they come, up to the one that ends the message; whatever follows that is
 * not read as part of it. `onBytes` is called before anything is made of what came: pings, comments and events of unknown
 * types are nothing but that.
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

/** Takes the bytes of a stream as they come, undefined at their end, and gives the events that they complete. */
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
    // The blank line behind the last event may be missing.
    parser.feed(bytes ? decoder.decode(bytes, { stream: true }) : `${decoder.decode()}\n\n`)
    return events
  }
}

/** Reads a body to its end, so that its connection serves the next call; one that is left open is closed. */
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
