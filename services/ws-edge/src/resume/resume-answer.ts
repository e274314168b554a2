import { encodeTurnFrame, isTerminalFrameType, type FrameHead } from '@omni2/contracts'
import type { FrameSink } from '../frames/frame-sink.ts'
import type { edgeMetrics, EdgeMetrics } from '../metrics.ts'
import type { ReplyCursor } from '../frames/reply-cursor.ts'

type ResumeResult = (typeof edgeMetrics.resumes.labels.result)[number]

/**
 * Answers a resume with exactly one frame. The turn's first frame decides which: a snapshot is the answer itself, an
 * end is sent as `finished`, and before any other frame goes `resumed`, because it continues what the client has. After
 * the answer frames pass unchanged, as the edge's own frames always do. Disposed without an answer: the client left
 * before it.
 */
export class ResumeAnswer implements FrameSink, Disposable {
  readonly #sink: FrameSink
  readonly #resumed: FrameHead
  readonly #metrics: Pick<EdgeMetrics, 'resumes'>
  #isGiven = false

  /** `cursor`: the last frame of the turn that the client has. */
  constructor(
    sink: FrameSink,
    { session_id, cursor }: { session_id: string; cursor: ReplyCursor },
    { metrics }: { metrics: Pick<EdgeMetrics, 'resumes'> },
  ) {
    this.#metrics = metrics
    const { attempt, seq } = cursor
    this.#sink = sink
    this.#resumed = { type: 'resumed', session_id, attempt, from: seq, seq }
  }

  get ended(): AbortSignal {
    return this.#sink.ended
  }

  send(bytes: Uint8Array, head?: FrameHead): void {
    if (this.#isGiven || !head) return this.#sink.send(bytes, head)
    if (isTerminalFrameType(head.type)) return this.give('finished', makeFinished(bytes, head))
    if (head.type === 'snapshot') return this.give('snapshot', bytes, head)
    this.giveResumed()
    this.#sink.send(bytes, head)
  }

  /** Sends `resumed` unless the client has its answer already: it has every frame so far. */
  giveResumed(): void {
    if (!this.#isGiven) this.give('resumed', encodeTurnFrame(this.#resumed))
  }

  /** Gives the one answer. */
  give(result: ResumeResult, bytes: Uint8Array, head?: FrameHead): void {
    this.#isGiven = true
    this.#metrics.resumes.add(1, { result })
    this.#sink.send(bytes, head)
  }

  [Symbol.dispose](): void {
    if (!this.#isGiven) this.#metrics.resumes.add(1, { result: 'left' })
  }
}

function makeFinished(bytes: Uint8Array, head: FrameHead): Uint8Array {
  const frame: unknown = JSON.parse(new TextDecoder().decode(bytes))
  return encodeTurnFrame({ ...head, type: 'finished' }, { frame })
}
