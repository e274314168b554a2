import type { FrameHead } from '@omni2/contracts'

/** Where frames for one client go: a WebSocket's connection, the response to an SSE request. */
export interface FrameSink {
  /** Aborted once nothing more is sent. */
  readonly ended: AbortSignal
  /** Sends a frame; `head`, of a frame that stands in a turn's order, allows it to be merged for a slow reader. */
  send(bytes: Uint8Array, head?: FrameHead): void
}
