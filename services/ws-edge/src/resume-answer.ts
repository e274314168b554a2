import { encodeTurnFrame, isTerminalFrameType, type FrameHead } from '@omni2/contracts'
import type { FrameSink } from './frame-sink.ts'
import type { ReplyCursor } from './reply-cursor.ts'

/**
 * Answers a resume with exactly one frame, which the turn's first frame decides: a snapshot is the answer itself, an end
 * is `finished`, and anything else goes on from what the client has, so `resumed` comes before it. After the answer
 * frames pass unchanged, as frames of the edge's own always do.
 */
export class ResumeAnswer implements FrameSink {
  readonly #sink: FrameSink
  readonly #resumed: FrameHead
  #isGiven = false

  /** `cursor`: the last frame of the turn that the client has. */
  constructor(sink: FrameSink, { session_id, cursor }: { session_id: string; cursor: ReplyCursor }) {
    const { attempt, seq } = cursor
    this.#sink = sink
    this.#resumed = { type: 'resumed', session_id, attempt, from: seq, seq }
  }

  get ended(): AbortSignal {
    return this.#sink.ended
  }

  send(bytes: Uint8Array, head?: FrameHead): void {
    if (this.#isGiven || !head) return this.#sink.send(bytes, head)
    if (isTerminalFrameType(head.type)) return this.#give(makeFinished(bytes, head))
    if (head.type === 'snapshot') return this.#give(bytes)
    this.giveResumed()
    this.#sink.send(bytes, head)
  }

  /** Nothing is missing and nothing new is there: the client is told so, unless it has its answer. */
  giveResumed(): void {
    if (!this.#isGiven) this.#give(encodeTurnFrame(this.#resumed))
  }

  #give(bytes: Uint8Array): void {
    this.#isGiven = true
    this.#sink.send(bytes)
  }
}

function makeFinished(bytes: Uint8Array, head: FrameHead): Uint8Array {
  const frame: unknown = JSON.parse(new TextDecoder().decode(bytes))
  return encodeTurnFrame({ ...head, type: 'finished' }, { frame })
}
