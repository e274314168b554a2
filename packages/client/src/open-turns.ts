import type { ClientFrame, MessageFrame } from './client-frames.ts'
import type { ServerFrame, ServerFrameOf } from './server-frames.ts'
import { ChatError } from './chat-error.ts'
import { LiveReply } from './live-reply.ts'
import { makeFrameError } from './make-frame-error.ts'
import type { Reply } from './reply-event.ts'
import { SocketTurn } from './socket-turn.ts'

interface Link {
  readonly send: (frame: ClientFrame) => void
  readonly resumeToken: string
  /** Whether the socket has the conversation already: else a resume has to bring it back. */
  readonly isSameConversation: boolean
}

/** Messages that have not been answered in full; one more fails with `queue_full`. */
export const mostOpenTurns = 64

const answersToResume: ReadonlySet<string> = new Set(['resumed', 'snapshot', 'finished', 'unrecoverable'])
/** Codes after which the same message is sent again by itself, with the same client_msg_id. */
const sentAgain: ReadonlySet<string> = new Set(['accept_unknown', 'unavailable', 'too_many_frames'])

/**
 * The turns of one chat, across its sockets. Linked: resumes go out first, one by one, for the answer gives the socket
 * its old conversation; then messages in their order. Unlinked: turns keep what they have and wait.
 */
export class OpenTurns {
  #turns: SocketTurn[] = []
  #link: Link | undefined
  /** Its `resume` is not answered yet. */
  #awaiting: SocketTurn | undefined

  get isEmpty(): boolean {
    return this.#turns.length === 0
  }

  /** Whether something was sent whose fate is tied to the conversation. */
  get hasSent(): boolean {
    return this.#turns.some((turn) => turn.phase !== 'unsent')
  }

  start(message: MessageFrame & { client_msg_id: string }): Reply {
    const reply = new LiveReply(message.client_msg_id, { cancel: () => this.#cancel(turn) })
    const turn = new SocketTurn(message, reply)
    if (this.#turns.length >= mostOpenTurns)
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
  }

  /** Takes a frame in; false when it belongs to none of these turns. */
  receive(frame: ServerFrame): boolean {
    const turn = this.#find(frame)
    if (!turn) return false
    this.#give(frame, turn)
    this.#turns = this.#turns.filter(({ reply }) => !reply.hasEnded)
    this.#sendDue()
    return true
  }

  /** Ends what can be ended no other way; `which` chooses, else all. */
  failAll(error: ChatError, which: (turn: SocketTurn) => boolean = () => true): void {
    for (const turn of this.#turns.filter(which)) turn.fail(error)
    this.#turns = this.#turns.filter(({ reply }) => !reply.hasEnded)
  }

  #find(frame: ServerFrame): SocketTurn | undefined {
    const { session_id, client_msg_id } = frame as { session_id?: string; client_msg_id?: unknown }
    const named =
      this.#turns.find(({ reply }) => session_id !== undefined && reply.sessionId === session_id) ??
      this.#turns.find(({ reply }) => reply.clientMsgId === client_msg_id)
    if (named) return named
    const isNameless = this.#awaiting?.reply.sessionId === undefined
    if (frame.type === 'unrecoverable' || (isNameless && answersToResume.has(frame.type)))
      return this.#awaiting
    return frame.type === 'error' && session_id === undefined ? this.#findBlamed(frame) : undefined
  }

  /** Whom an error without a name is about: the frame that was answered last has the best claim. */
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
