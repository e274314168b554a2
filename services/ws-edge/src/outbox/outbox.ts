import type { FrameHead } from '@omni2/contracts'
import type { EdgeMetrics } from '../metrics.ts'
import { PendingFrames } from './pending-frames.ts'

/** Bytes on their way to a socket above which token frames wait and are merged. */
export const lowBytes = 64 * 1024

interface OutboxBounds {
  /** Bytes in the socket below which frames are handed to it at once. */
  readonly lowBytes: number
  /** Bytes waiting, in the socket and here, at which the reader counts as too slow. */
  readonly maxBytes: number
  /** Longest time without progress while frames wait here, in milliseconds. */
  readonly stallMs: number
}

/** Where the bytes go: a WebSocket, or what writes frames to an SSE response. */
interface Sink {
  /** Bytes that were handed over and are not written yet. */
  readonly bufferedAmount: number
  send(frame: Uint8Array, options: { binary: false }, onWritten: () => void): void
}

interface OutboxDeps {
  /** Called whenever bytes wait. */
  readonly onWaiting: () => void
  /** Called once, when the reader is too slow. */
  readonly onSlow: () => void
  readonly metrics: Pick<EdgeMetrics, 'framesSent' | 'sentBytes'>
}

/**
 * All that goes to one client, in order. Flowing: frames go to the socket at once. Congested: the socket holds more
 * than the low-water mark, so frames wait here and token frames are merged; each finished write sends the next ones.
 * Stopped: too much waits or no write finishes; `onSlow` has been called, and only the last frames are still sent.
 */
export class Outbox {
  readonly #sink: Sink
  readonly #bounds: OutboxBounds
  readonly #deps: OutboxDeps
  readonly #pending = new PendingFrames()
  #stall: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(sink: Sink, bounds: OutboxBounds, deps: OutboxDeps) {
    this.#sink = sink
    this.#bounds = bounds
    this.#deps = deps
  }

  /** Bytes that wait, in the socket and here. */
  get bufferedBytes(): number {
    return this.#sink.bufferedAmount + this.#pending.bytes
  }

  /** Sends a text frame; `head` allows a token frame to be merged with its neighbours. */
  push(bytes: Uint8Array, head?: FrameHead): void {
    if (this.#isStopped) return
    if (this.#isFlowing) return this.#hand(bytes)
    if (this.bufferedBytes > this.#bounds.maxBytes) return this.giveUp()
    this.#pending.push({ bytes, head })
    this.#stall ??= setTimeout(() => this.giveUp(), this.#bounds.stallMs)
  }

  /** Hands everything that waits to the socket, whatever it holds; for the last frames before a close. */
  flush(): void {
    for (let frame = this.#pending.shift(); frame; frame = this.#pending.shift()) this.#hand(frame.bytes)
    this.#clearStall()
  }

  /** Sends a frame at once, whatever the socket holds and also once stopped: the last words before a close. */
  sendLast(bytes: Uint8Array): void {
    this.#hand(bytes)
  }

  /** Forgets what waits; nothing is sent any more. */
  stop(): void {
    this.#isStopped = true
    this.#pending.clear()
    this.#clearStall()
  }

  get #isFlowing(): boolean {
    return this.#pending.size === 0 && this.#sink.bufferedAmount <= this.#bounds.lowBytes
  }

  #hand(bytes: Uint8Array): void {
    this.#sink.send(bytes, { binary: false }, this.#onWritten)
    if (this.#sink.bufferedAmount > 0) this.#deps.onWaiting()
    this.#deps.metrics.framesSent.add(1)
    this.#deps.metrics.sentBytes.add(bytes.length)
  }

  readonly #onWritten = (): void => {
    if (this.#pending.size === 0) return
    this.#stall?.refresh()
    while (this.#pending.size > 0 && this.#sink.bufferedAmount <= this.#bounds.lowBytes) {
      const frame = this.#pending.shift()
      if (frame) this.#hand(frame.bytes)
    }
    if (this.#pending.size === 0) this.#clearStall()
  }

  /** Stops, as for a reader that is too slow. */
  giveUp(): void {
    if (this.#isStopped) return
    this.stop()
    this.#deps.onSlow()
  }

  #clearStall(): void {
    clearTimeout(this.#stall)
    this.#stall = undefined
  }
}
