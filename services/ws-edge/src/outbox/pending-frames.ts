import { mergeTokens, type FrameHead } from '@omni2/contracts'

export interface PendingFrame {
  readonly bytes: Uint8Array
  /** Only of frames that came from a worker. */
  readonly head: FrameHead | undefined
}

/** Large frames would make progress invisible: a socket reports one as written only when all of it is. */
const mergedBytes = 32 * 1024

/**
 * Frames that wait for a slow socket, in order. Neighbouring token frames of one attempt are merged: each merge at most
 * triples the larger part, so a text is copied a few times and not once per token.
 */
export class PendingFrames {
  readonly #frames: PendingFrame[] = []
  #bytes = 0

  get size(): number {
    return this.#frames.length
  }

  get bytes(): number {
    return this.#bytes
  }

  push(frame: PendingFrame): void {
    this.#frames.push(frame)
    this.#bytes += frame.bytes.length
    while (this.#mergeLastTwo());
  }

  shift(): PendingFrame | undefined {
    const frame = this.#frames.shift()
    this.#bytes -= frame?.bytes.length ?? 0
    return frame
  }

  clear(): void {
    this.#frames.length = 0
    this.#bytes = 0
  }

  #mergeLastTwo(): boolean {
    const [first, second] = this.#frames.slice(-2)
    if (!first?.head || !second?.head || !follows(first.head, second.head)) return false
    if (first.bytes.length > 2 * second.bytes.length) return false
    if (first.bytes.length + second.bytes.length > mergedBytes) return false
    const bytes = mergeTokens(first.bytes, second.bytes)
    this.#frames.splice(-2, 2, { bytes, head: { ...first.head, seq: second.head.seq } })
    this.#bytes += bytes.length - first.bytes.length - second.bytes.length
    return true
  }
}

const follows = (first: FrameHead, second: FrameHead): boolean =>
  first.type === 'token' &&
  second.type === 'token' &&
  first.session_id === second.session_id &&
  first.attempt === second.attempt &&
  first.seq + 1 === second.from
