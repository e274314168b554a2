import { encodeTurnFrame, isTerminalFrameType, type FrameHead } from '@omni2/contracts'
import type { FrameSink } from '../frames/frame-sink.ts'
import { isAhead, type ReplyCursor } from '../frames/reply-cursor.ts'

/**
 * One turn's way to one client, which shows the whole answer when the end comes, also where it knows only `token`,
 * `restart`, `snapshot` and the terminal frames: an end that does not directly follow what was sent comes after a
 * snapshot of its answer. Such an end is parsed; all other frames of a reply pass as bytes.
 */
export class WholeAnswer implements FrameSink {
  readonly #sink: FrameSink
  #cursor: ReplyCursor

  /** `cursor`: the last frame of the turn that the client has. */
  constructor(sink: FrameSink, cursor: ReplyCursor = { attempt: 0, seq: 0 }) {
    this.#sink = sink
    this.#cursor = cursor
  }

  get ended(): AbortSignal {
    return this.#sink.ended
  }

  send(bytes: Uint8Array, head?: FrameHead): void {
    if (head && isTerminalFrameType(head.type)) this.#completeText(bytes, head)
    else if (head) this.#cursor = head
    this.#sink.send(bytes, head)
  }

  #completeText(bytes: Uint8Array, end: FrameHead): void {
    const { attempt, seq } = this.#cursor
    const isNext = end.attempt === attempt && end.from === seq + 1
    if (isNext || !isAhead(end, this.#cursor)) return
    const { text, ...question } = readEnd(bytes)
    // Only such an end cannot leave text of an earlier frame on the screen. The last connection may have shown it.
    const isOnlyFrame = end.attempt === 1 && end.from === 1
    if (text === '' && isOnlyFrame) return
    const head: FrameHead = { ...end, type: 'snapshot', from: end.seq - 1, seq: end.seq - 1 }
    this.#sink.send(encodeTurnFrame(head, { ...question, text }), head)
  }
}

/** The answer of a terminal frame, and its question where it says that; a turn that ended without a result has no answer. */
function readEnd(bytes: Uint8Array): { text: string; question?: string; replaces?: string } {
  const frame: { result?: { answer: string }; question?: string; replaces?: string } = JSON.parse(
    new TextDecoder().decode(bytes),
  )
  const { result, question, replaces } = frame
  return {
    text: result?.answer ?? '',
    ...(question !== undefined && { question }),
    ...(replaces !== undefined && { replaces }),
  }
}
