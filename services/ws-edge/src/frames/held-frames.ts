import { isTerminalFrameType, type FrameHead } from '@omni2/contracts'

export interface TurnFrame {
  readonly head: FrameHead
  readonly bytes: Uint8Array
}

/** Frames of a turn that cannot be sent yet; above `maxBytes` all are dropped but a terminal one, for a snapshot has them. */
export class HeldFrames {
  readonly #maxBytes: number
  #frames: TurnFrame[] = []
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get size(): number {
    return this.#frames.length
  }

  /** Whether a terminal frame is among them. */
  get hasEnd(): boolean {
    return this.#frames.some(({ head }) => isTerminalFrameType(head.type))
  }

  push(frame: TurnFrame): void {
    if (this.#bytes + frame.bytes.length > this.#maxBytes) this.#dropAll()
    this.#frames.push(frame)
    this.#bytes += frame.bytes.length
  }

  /** Gives all up, in order. */
  take(): TurnFrame[] {
    const frames = this.#frames
    this.#frames = []
    this.#bytes = 0
    return frames
  }

  #dropAll(): void {
    this.#frames = this.#frames.filter(({ head }) => isTerminalFrameType(head.type))
    this.#bytes = this.#frames.reduce((bytes, frame) => bytes + frame.bytes.length, 0)
  }
}
