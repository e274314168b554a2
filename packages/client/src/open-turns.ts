import type { ClientFrame } from './client-frames.ts'
import type { ServerFrame, ServerFrameOf } from './server-frames.ts'
import { ChatError } from './chat-error.ts'
import { LiveReply } from './live-reply.ts'
import { showsTurn, type TurnFrame } from './judge-frame.ts'
import { makeFrameError } from './make-frame-error.ts'
import type { Reply } from './reply-event.ts'
import { type SentMessage, SocketTurn } from './socket-turn.ts'

interface Link {
  readonly send: (frame: ClientFrame) => void
  readonly resumeToken: string
  /** Whether the socket has the conversation already: else a resume has to bring it back. */
  readonly isSameConversation: boolean
}

/** Messages that have not been answered in full; one more fails with `queue_full`. */
export const mostOpenTurns = 64

/** Frames kept until it is known whose turn they show. */
const mostUnclaimedFrames = 256
/** Ended turns that are remembered. */
const mostRemembered = 64

const answersToResume: ReadonlySet<string> = new Set(['resumed', 'snapshot', 'finished', 'unrecoverable'])
/** Codes after which the same message is sent again by itself, with the same client_msg_id. */
const sentAgain: ReadonlySet<string> = new Set(['accept_unknown', 'unavailable', 'too_many_frames'])

/**
 * The turns of one chat, across its sockets. Linked: resumes go out first, one by one, for the answer gives the socket
 * its old conversation; then messages in their order. Unlinked: turns keep what they have and wait. A turn that another
 * viewer began is one of them from its first frame on.
 */
export class OpenTurns {
  #turns: SocketTurn[] = []
  #link: Link | undefined
  /** Its `resume` is not answered yet. */
  #awaiting: SocketTurn | undefined
  readonly #onReply: (reply: Reply) => void
  /** Frames of turns that may be those of messages whose fate is not known yet. */
  #unclaimed: TurnFrame[] = []
  /** Turns that ended lately: a frame that is said again begins no reply. */
  readonly #ended = new Set<string>()

  constructor({ onReply }: { onReply: (reply: Reply) => void }) {
    this.#onReply = onReply
  }

  /** Whether something was sent whose fate is tied to the conversation. */
  get hasSent(): boolean {
    return this.#turns.some((turn) => turn.phase !== 'unsent')
  }

  /** A message that comes again under its id while its turn is open has that turn's reply. */
  start(message: SentMessage): Reply {
    const same = this.#turns.find(({ reply }) => reply.clientMsgId === message.client_msg_id)?.reply
    if (same?.question === message.text && same.replaces === message.replaces) return same
    const reply = new LiveReply({
      cancel: () => this.#cancel(turn),
      clientMsgId: message.client_msg_id,
      question: message.text,
      replaces: message.replaces,
    })
    const turn: SocketTurn = new SocketTurn(reply, message)
    if (same)
      reply.fail(new ChatError('idempotency_mismatch', 'Another message is open under the same clientMsgId.'))
    else if (this.#turns.length >= mostOpenTurns)
      reply.fail(new ChatError('queue_full', 'Too many messages are waiting.'))
    else this.#turns.push(turn)
    this.#sendDue()
    return reply
  }

  connected(link: Link): void {
    this.#link = link
    this.#awaiting = undefined
    for (const turn of this.#turns) turn.reconnected(link)
    this.#sendDue()
  }

  disconnected(): void {
    this.#link = undefined
    this.#awaiting = undefined
    this.#unclaimed = []
  }

  /** Takes a frame in; a turn that none of these began is followed, too. False when it is about no turn. */
  receive(frame: ServerFrame): boolean {
    const turns = this.#find(frame)
    for (const turn of turns) this.#give(frame, turn)
    if (turns.length === 0) {
      if (!showsTurn(frame)) return false
      if (!this.#ended.has(frame.session_id)) this.#show(frame)
    }
    this.#dropEnded()
    this.#sendDue()
    return true
  }

  /** Ends what can be ended no other way; `which` chooses, else all. */
  failAll(error: ChatError, which: (turn: SocketTurn) => boolean = () => true): void {
    for (const turn of this.#turns.filter(which)) turn.fail(error)
    this.#dropEnded()
  }

  /** A turn in its first frame; it may belong to one of these messages while one waits for `accepted`. */
  #show(frame: TurnFrame): void {
    if (this.#isFateUnknown) {
      // Frames above the bound are requested again, like all missing frames.
      if (this.#unclaimed.length < mostUnclaimedFrames) this.#unclaimed.push(frame)
      return
    }
    if (this.#turns.length >= mostOpenTurns) return
    const reply = new LiveReply({ cancel: () => this.#cancel(turn) })
    const turn = new SocketTurn(reply)
    this.#turns.push(turn)
    reply.accept(frame.session_id)
    this.#give(frame, turn)
    // From here on it knows what the frame says of its question.
    this.#onReply(reply)
  }

  get #isFateUnknown(): boolean {
    return this.#turns.some(({ phase }) => phase === 'sent')
  }

  #dropEnded(): void {
    const ended = this.#turns.filter(({ reply }) => reply.hasEnded)
    if (ended.length > 0) this.#turns = this.#turns.filter(({ reply }) => !reply.hasEnded)
    for (const { reply } of ended) this.#remember(reply.turnId)
    if (!this.#isFateUnknown) for (const frame of this.#unclaimed.splice(0)) this.receive(frame)
  }

  #remember(turnId: string | undefined): void {
    if (turnId !== undefined) this.#ended.add(turnId)
    const [oldest] = this.#ended
    if (this.#ended.size > mostRemembered && oldest !== undefined) this.#ended.delete(oldest)
  }

  /** The turns of a frame; two where a message is sent again and its turn is followed already. */
  #find(frame: ServerFrame): SocketTurn[] {
    const { session_id, client_msg_id } = frame as { session_id?: string; client_msg_id?: unknown }
    const named = this.#turns.filter(
      ({ reply: { turnId, clientMsgId } }) =>
        (session_id !== undefined && turnId === session_id) ||
        (client_msg_id !== undefined && clientMsgId === client_msg_id),
    )
    if (named.length > 0) return named
    const meant = this.#findUnnamed(frame)
    return meant ? [meant] : []
  }

  #findUnnamed(frame: ServerFrame): SocketTurn | undefined {
    const isNameless = this.#awaiting?.reply.turnId === undefined
    if (frame.type === 'unrecoverable' || (isNameless && answersToResume.has(frame.type)))
      return this.#awaiting
    const isAboutTurn = 'session_id' in frame && frame.session_id !== undefined
    return frame.type === 'error' && !isAboutTurn ? this.#findBlamed(frame) : undefined
  }

  /** The turn of an error that names none: most likely that of the last sent frame. */
  #findBlamed({ code }: ServerFrameOf<'error'>): SocketTurn | undefined {
    if (this.#awaiting) return this.#awaiting
    const sent = this.#turns.find(({ phase }) => phase === 'sent')
    const cancelled = this.#turns.find((turn) => turn.hasSentCancel)
    return code === 'not_found' || code === 'not_supported' ? cancelled : (sent ?? cancelled)
  }

  #give(frame: ServerFrame, turn: SocketTurn): void {
    const isAnswer = turn === this.#awaiting && (answersToResume.has(frame.type) || isComplaint(frame))
    if (isAnswer) this.#awaiting = undefined
    if (frame.type === 'unrecoverable') return turn.cannotResume(frame.reason)
    if (isComplaint(frame)) return this.#complain(frame, turn, { isResume: isAnswer })
    turn.receive(frame, { isAnswer })
    if (turn === this.#awaiting && turn.reply.hasEnded) this.#awaiting = undefined
  }

  /** An error that ends no turn answers what was sent: a message, a cancel or a resume. */
  #complain(frame: ServerFrameOf<'error'>, turn: SocketTurn, about: { isResume: boolean }): void {
    const isAboutCancel = turn.phase === 'accepted' && !about.isResume
    if (frame.code === 'unavailable') turn.takeBack()
    const mayHelp = sentAgain.has(frame.code) || (about.isResume && frame.retry_after_ms !== undefined)
    const isRetried = mayHelp && (isAboutCancel || about.isResume || !turn.wantsCancel)
    if (isRetried && turn.mayTryAgain())
      turn.tryAgainIn(frame.retry_after_ms ?? 1000, about, () => this.#sendDue())
    else if (isAboutCancel) turn.reply.warn(frame.error)
    else turn.fail(makeFrameError(frame))
  }

  #cancel(turn: SocketTurn): void {
    turn.wantsCancel = true
    if (turn.phase !== 'unsent') return this.#sendDue()
    turn.fail(new ChatError('cancelled', 'The message was cancelled before it was sent.'))
    this.#turns = this.#turns.filter((other) => other !== turn)
  }

  #sendDue(): void {
    const link = this.#link
    if (!link) return
    while (!this.#awaiting) {
      const resuming = this.#turns.find(({ due }) => due === 'resume')
      const turn = resuming ?? this.#turns.find(({ due }) => due === 'message')
      if (!turn) break
      this.#awaiting = resuming
      link.send(turn.takeDue(link.resumeToken))
    }
    for (const turn of this.#turns) {
      const cancel = turn === this.#awaiting ? undefined : turn.takeCancel()
      if (cancel) link.send(cancel)
    }
  }
}

/** Whether an error is the answer to a frame, not the end of a turn. */
const isComplaint = (frame: ServerFrame): frame is ServerFrameOf<'error'> =>
  frame.type === 'error' && (frame.attempt ?? 0) === 0
