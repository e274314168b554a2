import type { ServerFrame } from './server-frames.ts'
import { makeDeferred } from './deferred.ts'
import { ChatError } from './chat-error.ts'
import { EventLog } from './event-log.ts'
import { ends, isTurnFrame, judgeFrame, type TurnFrame } from './judge-frame.ts'
import { makeFrameError } from './make-frame-error.ts'
import { parseFrame } from './parse-frame.ts'
import type { Reply, ReplyEvent, ReplyResult } from './reply-event.ts'

interface ReplyOptions {
  readonly cancel: () => void
  readonly clientMsgId?: string | undefined
  readonly question?: string | undefined
  readonly replaces?: string | undefined
}

/**
 * A reply as its frames make it. Pending: not accepted, or accepted and running; frames are taken in order and each
 * counts once. Ended: a terminal frame or a failure came, and nothing changes any more.
 */
export class LiveReply implements Reply {
  readonly clientMsgId: string | undefined
  readonly #cancel: () => void
  readonly #log = new EventLog()
  readonly #result = makeDeferred<ReplyResult>()
  #turnId: string | undefined
  #cursor = { attempt: 0, seq: 0 }
  #question: string | undefined
  #replaces: string | undefined
  #text = ''
  #hasEnded = false

  constructor({ cancel, clientMsgId, question, replaces }: ReplyOptions) {
    this.clientMsgId = clientMsgId
    this.#question = question
    this.#replaces = replaces
    this.#cancel = cancel
    // A caller that only iterates must not get an unhandled rejection.
    this.#result.promise.catch(() => {})
  }

  get turnId(): string | undefined {
    return this.#turnId
  }

  get question(): string | undefined {
    return this.#question
  }

  get replaces(): string | undefined {
    return this.#replaces
  }

  get text(): string {
    return this.#text
  }

  /** The last frame that was taken. */
  get cursor(): { attempt: number; seq: number } {
    return this.#cursor
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  events(): AsyncIterable<ReplyEvent> {
    return this.#log.read()
  }

  result(): Promise<ReplyResult> {
    return this.#result.promise
  }

  cancel(): void {
    if (!this.#hasEnded) this.#cancel()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    for await (const event of this.#log.read()) {
      if (event.type === 'token' || event.type === 'reset') yield event.text
      if (event.type === 'error' || event.type === 'blocked') throw event.error
    }
  }

  /** The turn's id is known, so it was accepted. */
  accept(turnId: string): void {
    if (this.#turnId !== undefined || this.#hasEnded) return
    this.#turnId = turnId
    this.#log.push({ type: 'accepted', session_id: turnId })
  }

  /** Takes a frame of this turn in; `gap` when frames before it are missing, and then it was not taken. */
  receive(frame: ServerFrame): 'taken' | 'gap' {
    if (this.#hasEnded || !isTurnFrame(frame)) return 'taken'
    if (frame.type === 'finished') return this.#receiveEnd(frame.frame)
    const verdict = judgeFrame(frame, this.#cursor)
    if (verdict === 'gap') return 'gap'
    if (verdict === 'take') this.#take(frame)
    return 'taken'
  }

  /** Adds a warning; the reply goes on. */
  warn(message: string): void {
    if (!this.#hasEnded) this.#log.push({ type: 'warning', message })
  }

  fail(error: ChatError, type: 'error' | 'blocked' = 'error'): void {
    if (this.#hasEnded) return
    if (error.result) this.#settleText(error.result.answer)
    this.#hasEnded = true
    this.#result.reject(error)
    this.#log.push({ type, error })
    this.#log.end()
  }

  #receiveEnd(end: unknown): 'taken' {
    const frame = parseFrame(end)
    if (frame && frame.type !== 'finished') this.receive(frame)
    if (!this.#hasEnded) this.fail(new ChatError('bad_answer', 'The end of the turn could not be read.'))
    return 'taken'
  }

  #take(frame: TurnFrame): void {
    const { session_id, attempt = 0, seq = 0 } = frame
    this.accept(session_id)
    this.#learn(frame)
    if (attempt > this.#cursor.attempt) this.#beginAttempt(frame)
    if (attempt > 0) this.#cursor = { attempt, seq }
    this.#apply(frame)
  }

  /** Sets the question of a turn that another viewer began. */
  #learn(frame: object): void {
    const { question, replaces } = frame as { question?: unknown; replaces?: unknown }
    if (typeof question === 'string') this.#question ??= question
    if (typeof replaces === 'string') this.#replaces ??= replaces
  }

  /** A new attempt starts the text again; frames with the whole text replace it themselves. */
  #beginAttempt({ type }: TurnFrame): void {
    if (type === 'restart') this.#log.push({ type: 'restart' })
    if (type !== 'snapshot' && !ends.has(type)) this.#settleText('')
  }

  #apply(frame: TurnFrame): void {
    switch (frame.type) {
      case 'accepted':
      case 'resumed':
      case 'restart':
        return
      case 'started':
      case 'waiting':
        return this.#log.push({ type: frame.type })
      case 'token':
        return this.#settleText(this.#text + frame.text)
      case 'snapshot':
        this.#log.push({ type: 'snapshot', text: frame.text })
        return this.#settleText(frame.text)
      case 'tool_call': {
        const { type, call_id, mcp, tool, input } = frame
        return this.#log.push({ type, call_id, mcp, tool, input })
      }
      case 'tool_result': {
        const { type, call_id, status, duration_ms } = frame
        return this.#log.push({ type, call_id, status, duration_ms })
      }
      case 'warning':
        return this.#log.push({ type: 'warning', message: frame.message })
      case 'done':
      case 'cancelled':
        return this.#end(frame)
      case 'error':
      case 'blocked':
        return this.fail(makeFrameError(frame), frame.type)
    }
  }

  #end({ type, result: said, limits }: Extract<TurnFrame, { type: 'done' | 'cancelled' }>): void {
    const result = Array.isArray(limits) ? { ...said, limits } : said
    this.#settleText(result.answer)
    this.#hasEnded = true
    this.#result.resolve(result)
    this.#log.push({ type, result })
    this.#log.end()
  }

  /** Adds the missing text where the new text continues the old one, else resets it. */
  #settleText(text: string): void {
    const before = this.#text
    if (text === before) return
    this.#text = text
    if (text.startsWith(before)) this.#log.push({ type: 'token', text: text.slice(before.length) })
    else this.#log.push({ type: 'reset', text })
  }
}
