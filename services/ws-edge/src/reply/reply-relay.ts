import { isTerminalFrameType, makeQuestionDigest, readFrameHead, type FrameHead } from '@omni2/contracts'
import type { EdgeConfig } from '../config.ts'
import { HeldFrames, type TurnFrame } from '../frames/held-frames.ts'
import { isSameQuestion, readQuestion, withoutQuestion, type Question } from '../message/own-question.ts'
import type { Recovery } from './recover-reply.ts'
import { isAhead, judgeFrame, type ReplyCursor } from '../frames/reply-cursor.ts'
import type { ReplyFollower } from './reply-feed.ts'

interface RelayDeps {
  /** Sends a frame of the turn to the client. */
  readonly deliver: (frame: Pick<TurnFrame, 'bytes'> & Partial<TurnFrame>) => void
  /** Sends the client `waiting`: no frame of the turn comes. */
  readonly deliverWaiting: () => void
  /** Of the client whose own message the turn is. */
  readonly own?: {
    readonly question: Question
    /** Ends the client's message with an error frame: the turn has another question. */
    readonly deliverMismatch: (at: ReplyCursor) => void
  }
  /** Asks for what is missing; must not throw. */
  readonly recover: () => Promise<Recovery>
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  readonly config: Pick<EdgeConfig, 'EDGE_SILENCE_MS' | 'EDGE_ASK_AGAIN_MS' | 'EDGE_HELD_BYTES'>
}

/**
 * Sends one turn's frames to one client. Holding: the turn is not accepted yet; frames are kept. Following: frames go
 * out as they come. Missing: frames before the kept ones were lost; the relay asks about the turn until it finds a
 * snapshot or the end. Ended: a terminal frame went out, or the client left.
 *
 * Only a terminal frame ends a turn here: after every silence the relay asks about it again, in growing pauses.
 */
export class ReplyRelay implements ReplyFollower, Disposable {
  readonly #deps: RelayDeps
  readonly #held: HeldFrames
  readonly #end = Promise.withResolvers<void>()
  #hasSentEnd = false
  #state: 'holding' | 'following' | 'missing' | 'ended' = 'holding'
  #cursor: ReplyCursor
  #isAsking = false
  #mayHaveMissed = false
  #isContradicted = false
  #heardAt: number
  #pauseMs: number
  #timer: NodeJS.Timeout | undefined
  #timerMs = 0

  /** `cursor`: the last frame of the turn that the client has. */
  constructor(deps: RelayDeps, cursor: ReplyCursor = { attempt: 0, seq: 0 }) {
    this.#deps = deps
    this.#cursor = cursor
    this.#held = new HeldFrames(deps.config.EDGE_HELD_BYTES)
    this.#heardAt = deps.now()
    this.#pauseMs = deps.config.EDGE_ASK_AGAIN_MS
  }

  /** Resolves once nothing more will be sent. */
  get ended(): Promise<void> {
    return this.#end.promise
  }

  /** Whether the turn's end went out. */
  get hasSentEnd(): boolean {
    return this.#hasSentEnd
  }

  /** Whether a frame has come: then some worker has the turn. */
  get hasFrames(): boolean {
    return this.#held.size > 0
  }

  /** Lets frames out; `joined`: the turn may be older than this relay, so something of it is missing already. */
  begin({ joined }: { joined: boolean }): void {
    if (this.#state !== 'holding') return
    if (this.#isContradicted) return this.#refuse()
    this.#state = 'following'
    this.#listen()
    this.#sendHeld()
    if (joined || this.#mayHaveMissed) void this.#ask()
  }

  /** Lets frames out, beginning with what was found of a turn that is older than this relay. */
  join(recovery: Recovery): void {
    if (this.#state !== 'holding') return
    this.#state = 'following'
    if (recovery.found !== 'snapshot' && recovery.found !== 'end') this.#deps.deliverWaiting()
    this.#apply(recovery)
    this.#sendHeld()
  }

  receive(frame: TurnFrame): void {
    if (this.#state === 'ended') return
    if (this.#state === 'following') return this.#follow(frame)
    this.#held.push(frame)
    if (this.#state !== 'missing' || !isTerminalFrameType(frame.head.type)) return
    if (this.#isUnheardOf) void this.#ask()
    else this.#sendToEnd()
  }

  contradict(digest: string): void {
    const { own } = this.#deps
    if (this.#state === 'ended' || !own || makeQuestionDigest(own.question) !== digest) return
    if (this.#state === 'holding') this.#isContradicted = true
    else this.#refuse()
  }

  lookAgain(): void {
    if (this.#state === 'holding') this.#mayHaveMissed = true
    else void this.#ask()
  }

  [Symbol.dispose](): void {
    this.#state = 'ended'
    this.#held.take()
    clearTimeout(this.#timer)
    this.#end.resolve()
  }

  #follow(frame: TurnFrame): void {
    this.#listen()
    const verdict = this.#judge(frame.head)
    if (verdict === 'forward' && this.#asksOther(frame)) return this.#refuse()
    if (verdict === 'forward') this.#send(frame)
    if (verdict !== 'gap') return
    this.#state = 'missing'
    this.#held.push(frame)
    void this.#ask()
  }

  /** Whether the client has no frame of the turn and did not ask it; it then gets the question before the end. */
  get #isUnheardOf(): boolean {
    return !this.#deps.own && this.#cursor.attempt === 0
  }

  /** An end that is not the only frame does not say what was asked. */
  #judge(head: FrameHead): ReturnType<typeof judgeFrame> {
    const isLate = this.#isUnheardOf && head.seq > 1 && isTerminalFrameType(head.type)
    return isLate ? 'gap' : judgeFrame(head, this.#cursor)
  }

  /** Only `started` says what a turn asks; it is the only frame that is parsed, once a turn. */
  #asksOther({ head, bytes }: TurnFrame): boolean {
    const { own } = this.#deps
    if (!own || head.type !== 'started') return false
    const asked = readQuestion(bytes)
    return asked !== undefined && !isSameQuestion(asked, own.question)
  }

  #send(frame: TurnFrame): void {
    this.#cursor = { attempt: frame.head.attempt, seq: frame.head.seq }
    this.#deps.deliver(this.#deps.own ? withoutQuestion(frame) : frame)
    if (isTerminalFrameType(frame.head.type)) this.#finish()
  }

  #sendHeld(): void {
    for (const frame of this.#held.take()) this.receive(frame)
  }

  /** A terminal frame has the whole result, so the relay does not ask for frames missing before it. */
  #sendToEnd(): void {
    for (const frame of this.#held.take())
      if (this.#state !== 'ended' && judgeFrame(frame.head, this.#cursor) === 'forward') this.#send(frame)
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    const recovery = await this.#deps.recover()
    this.#isAsking = false
    if (this.#state !== 'ended') this.#apply(recovery)
  }

  #apply(recovery: Recovery): void {
    if (recovery.found === 'other') return this.#refuse()
    if (recovery.found === 'end') return this.#sendEnd(recovery.bytes)
    if (recovery.found !== 'snapshot' || recovery.frame.head.attempt < this.#cursor.attempt) {
      if (this.#held.hasEnd) this.#sendToEnd()
      return this.#state === 'ended' ? undefined : this.#wait()
    }
    if (isAhead(recovery.frame.head, this.#cursor)) this.#send(recovery.frame)
    else if (this.#state === 'missing') return this.#wait()
    // A client that is closed by a frame lets go while the frame is sent.
    if (this.#hasLetGo) return
    this.#state = 'following'
    this.#listen()
    this.#sendHeld()
  }

  #sendEnd(bytes: Uint8Array): void {
    if (!this.#isUnheardOf) this.#sendToEnd()
    if (this.#state === 'ended') return
    const head = readFrameHead(bytes)
    this.#deps.deliver(head ? { bytes, head } : { bytes })
    this.#finish()
  }

  #refuse(): void {
    this.#deps.own?.deliverMismatch(this.#cursor)
    this.#finish()
  }

  #finish(): void {
    this.#hasSentEnd = true
    this[Symbol.dispose]()
  }

  /** A sign of life: the next question is a whole silence away. */
  #listen(): void {
    this.#heardAt = this.#deps.now()
    this.#pauseMs = this.#deps.config.EDGE_ASK_AGAIN_MS
    this.#askIn(this.#deps.config.EDGE_SILENCE_MS)
  }

  /** No answer about the turn: asks again, in growing pauses, and sends the client `waiting` after each silence. */
  #wait(): void {
    const { EDGE_SILENCE_MS } = this.#deps.config
    if (this.#deps.now() - this.#heardAt >= EDGE_SILENCE_MS) {
      this.#heardAt = this.#deps.now()
      this.#deps.deliverWaiting()
    }
    this.#askIn(this.#pauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, EDGE_SILENCE_MS)
  }

  get #hasLetGo(): boolean {
    return this.#state === 'ended'
  }

  #askIn(ms: number): void {
    if (this.#hasLetGo) return
    if (this.#timer && this.#timerMs === ms) return void this.#timer.refresh()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#ask(), ms)
    this.#timerMs = ms
  }
}
