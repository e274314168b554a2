import type { ServerResponse } from 'node:http'
import { encodeFrameEvent } from './encode-event.ts'

/** Lets an outbox write frames to a response as events, as it writes them to a WebSocket. */
export const makeEventSink = (response: ServerResponse) => ({
  /** Bytes on their way, in the response and in its socket. */
  get bufferedAmount(): number {
    return response.writableLength
  },
  send: (frame: Uint8Array, _options: unknown, onWritten: () => void): void => {
    response.write(encodeFrameEvent(frame), onWritten)
  },
})
