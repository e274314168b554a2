import type { ClientFrame, MessageFrame } from './client-frames.ts'
import type { ServerFrame } from './server-frames.ts'
import { ChatError } from './chat-error.ts'
import { ends } from './judge-frame.ts'
import type { LiveReply } from './live-reply.ts'

/** A message, identified by its own id until its turn has one. */
export type SentMessage = MessageFrame & { client_msg_id: string }

/** Frames kept while those before them are asked for; the ones beyond are asked for again. */
const mostHeldFrames = 256
/** Times that one message is sent again because the server could not take it. */
const mostTries = 8

/**
 * One message on its way through a chat's sockets. Unsent: the server cannot know it. Sent: whether it was accepted is
 * not known. Accepted: it will be answered, and a lost socket means a resume; a turn that another viewer began is so
 * from the first. What is due next is a `message` or a `resume`, until it is taken.
 */
export class SocketTurn {
  readonly reply: LiveReply
  readonly #message: SentMessage | undefined
  phase: 'unsent' | 'sent' | 'accepted'
  due: 'message' | 'resume' | 'nothing'
  wantsCancel = false
  /** On this socket. */
  hasSentCancel = false
  #held: ServerFrame[] = []
  #isMissingFrames = false
  #asksFromStart = false
  /** The cursor, as text, after which frames were missing last. */
  #missingAfter: string | undefined
  #tries = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Without a message it is a turn that another viewer began. */
  constructor(reply: LiveReply, message?: SentMessage) {
    this.reply = reply
    this.#message = message
    this.phase = message ? 'unsent' : 'accepted'
    this.due = message ? 'message' : 'nothing'
  }

  /** A new socket: what was sent on the old one may be lost. */
  reconnected({ isSameConversation }: { isSameConversation: boolean }): void {
    clearTimeout(this.#timer)
    this.hasSentCancel = false
    this.#held = []
    const canBeSentAgain = this.phase === 'unsent' || (this.phase === 'sent' && isSameConversation)
    this.due = canBeSentAgain ? 'message' : 'resume'
    this.#isMissingFrames = this.due === 'resume'
  }

  /** The frame that is due. */
  takeDue(resumeToken: string): ClientFrame {
    const { due } = this
    this.due = 'nothing'
    if (due === 'resume' || !this.#message) return this.#makeResume(resumeToken)
    this.phase = 'sent'
    return this.#message
  }

  /** The `cancel` that is wanted, once on each socket. */
  takeCancel(): ClientFrame | undefined {
    if (!this.wantsCancel || this.hasSentCancel || this.due !== 'nothing') return undefined
    this.hasSentCancel = true
    return { type: 'cancel', ...this.#name }
  }

  /** Takes a frame of the turn in; `isAnswer`: it answers the `resume`, so what is missing is here or follows. */
  receive(frame: ServerFrame, { isAnswer }: { isAnswer: boolean }): void {
    this.#accept(frame)
    if (isAnswer) this.#isMissingFrames = false
    const mustWait = this.#isMissingFrames && !hasNoPlace(frame)
    if (mustWait || this.reply.receive(frame) === 'gap') return this.#hold(frame)
    if (this.reply.hasEnded) return clearTimeout(this.#timer)
    if (isAnswer) this.#receiveHeld()
  }

  /** The server cannot say what happened after the cursor. */
  cannotResume(reason: string): void {
    if (reason === 'unknown' && this.phase === 'sent') this.due = 'message'
    else if (reason === 'future_cursor' && !this.#asksFromStart) this.#askFromStart()
    else this.fail(new ChatError('unrecoverable', `The turn cannot be found again: ${reason}.`))
  }

  mayTryAgain(): boolean {
    this.#tries += 1
    return this.#tries <= mostTries
  }

  /** Sends again, after a pause, what the server could not accept: a resume, else a message, else a cancel. */
  tryAgainIn(ms: number, { isResume }: { isResume: boolean }, act: () => void): void {
    const isMessage = !isResume && this.phase !== 'accepted'
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (isResume) this.due = 'resume'
      else if (isMessage) this.due = 'message'
      else this.hasSentCancel = false
      act()
    }, ms)
  }

  /** The server said that it does not have the message. */
  takeBack(): void {
    if (this.phase === 'sent') this.phase = 'unsent'
  }

  fail(error: ChatError): void {
    clearTimeout(this.#timer)
    this.reply.fail(error)
  }

  get #name(): { session_id: string } | { client_msg_id: string | undefined } {
    const { turnId, clientMsgId } = this.reply
    return turnId === undefined ? { client_msg_id: clientMsgId } : { session_id: turnId }
  }

  #makeResume(resume_token: string): ClientFrame {
    const { attempt, seq } = this.#asksFromStart ? { attempt: 0, seq: 0 } : this.reply.cursor
    return { type: 'resume', resume_token, ...this.#name, attempt, seq }
  }

  #accept(frame: ServerFrame): void {
    if (!('session_id' in frame) || typeof frame.session_id !== 'string') return
    this.phase = 'accepted'
    this.reply.accept(frame.session_id)
  }

  #hold(frame: ServerFrame): void {
    if (this.#held.length < mostHeldFrames) this.#held.push(frame)
    if (!this.#isMissingFrames) this.#askForMissing()
  }

  /** When an answer leaves a gap, everything is requested; when that leaves a gap too, the reply fails. */
  #askForMissing(): void {
    const { attempt, seq } = this.reply.cursor
    const place = `${attempt}:${seq}`
    const isSamePlace = place === this.#missingAfter
    if (isSamePlace && this.#asksFromStart)
      return this.fail(new ChatError('unrecoverable', 'A part of the reply is missing for good.'))
    this.#missingAfter = place
    this.#asksFromStart = isSamePlace
    this.#isMissingFrames = true
    this.due = 'resume'
  }

  /** Frames that came before the answer: what it brought along is dropped by the reply itself. */
  #receiveHeld(): void {
    for (const frame of this.#held.splice(0)) this.receive(frame, { isAnswer: false })
  }

  #askFromStart(): void {
    this.#asksFromStart = true
    this.due = 'resume'
    this.#isMissingFrames = true
  }
}

/** An end, or a frame of the edge's own: it need not wait for those before it. */
const hasNoPlace = (frame: ServerFrame): boolean =>
  ('attempt' in frame && frame.attempt === 0) || ends.has(frame.type)
