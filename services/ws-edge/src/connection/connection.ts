import { closeCodes, type CloseCodeNumber, type FrameHead, type Identity } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import type { WebSocket } from 'ws'
import type { Connections, Expulsion, ServedClient } from './connections.ts'
import { closeSocket, cutOffAfter, isGoodbye, makeGoodbye } from './close-socket.ts'
import type { EdgeConfig } from '../config.ts'
import { FollowedTurns } from './followed-turns.ts'
import { nameCloseCode, type EdgeMetrics } from '../metrics.ts'
import type { FrameSink } from '../frames/frame-sink.ts'
import { refuseConnection } from './refuse-connection.ts'
import { makeErrorFrame } from '../frames/make-frame.ts'
import { lowBytes, Outbox } from '../outbox/outbox.ts'
import type { UserMessage } from '../message/user-message.ts'
import { WaitingMessages } from './waiting-messages.ts'

interface ConnectionDeps {
  readonly config: Pick<
    EdgeConfig,
    | 'EDGE_OUTBOX_MAX_BYTES'
    | 'EDGE_OUTBOX_STALL_MS'
    | 'EDGE_WAITING_MESSAGES'
    | 'EDGE_RESUMES_PER_CONNECTION'
    | 'EDGE_CLOSE_DEADLINE_MS'
    | 'EDGE_RETRY_AFTER_MS'
  >
  readonly connections: Pick<Connections, 'noteHolding'>
  readonly random: () => number
  readonly metrics: Pick<EdgeMetrics, 'closes' | 'framesSent' | 'sentBytes' | 'slowReaders'>
  readonly log: Logger
}

/** Who a socket belongs to and which conversation it holds. */
export interface ConnectionOwner {
  readonly identity: Identity
  readonly conversationId: string
  /** Where the client connects from. */
  readonly address: string | undefined
}

/**
 * One user's socket. Open: frames go both ways and turns run one after another. Leaving: the running turn goes on, no
 * other begins, then it closes. Closing: the last frames were sent and `ended` is aborted; what still comes is ignored
 * and the peer has a deadline for its part of the handshake. Closed: the socket is gone.
 */
export class Connection implements FrameSink, ServedClient {
  readonly kind = 'ws'
  readonly identity: Identity
  readonly address: string | undefined
  readonly turns = new FollowedTurns()
  /** The conversation whose every turn is shown here. */
  watchedConversation: string | undefined
  readonly #socket: WebSocket
  readonly #deps: ConnectionDeps
  readonly #outbox: Outbox
  readonly #messages: WaitingMessages
  readonly #ending = new AbortController()
  readonly #closed = Promise.withResolvers<void>()
  readonly #opened = Promise.withResolvers<void>()
  #conversationId: string
  #openedAt: string | undefined
  #departure: CloseCodeNumber | undefined
  /** Of the message that is being answered, where it is asked for. */
  #acceptance: PromiseWithResolvers<boolean> | undefined
  #acceptedTurn: string | undefined
  #answer: ((message: UserMessage) => Promise<void>) | undefined
  #closeCode: CloseCodeNumber | undefined

  constructor(
    socket: WebSocket,
    { identity, conversationId, address }: ConnectionOwner,
    deps: ConnectionDeps,
  ) {
    this.identity = identity
    this.address = address
    this.#conversationId = conversationId
    this.#socket = socket
    this.#deps = deps
    this.#messages = new WaitingMessages(deps.config.EDGE_WAITING_MESSAGES, () => this.#answerNext())
    this.#outbox = new Outbox(socket, outboxBounds(deps.config), {
      onWaiting: () => deps.connections.noteHolding(this),
      onSlow: () => this.#closeSlowReader(),
      metrics: deps.metrics,
    })
    this.#watchSocket()
  }

  get conversationId(): string {
    return this.#conversationId
  }

  /** Made when it is needed: most connections say nothing for most of the time. */
  get log(): Logger {
    return this.#deps.log.child({ conversation_id: this.#conversationId, user_id: this.identity.user_id })
  }

  /** When the user was admitted, by the database's clock; undefined before that, and where no worker said it. */
  get openedAt(): string | undefined {
    return this.#openedAt
  }

  /** Resolves once the user is let in; never when it is not. */
  get opened(): Promise<void> {
    return this.#opened.promise
  }

  /** The user was let in, at this time of the database. */
  markOpen(at: string | undefined): void {
    this.#openedAt = at
    this.#opened.resolve()
  }

  /** Goes over to a conversation of the same user, which later messages belong to. */
  adoptConversation(conversationId: string): void {
    this.#conversationId = conversationId
  }

  /** Aborted once nothing more is sent or heard. */
  get ended(): AbortSignal {
    return this.#ending.signal
  }

  /** Resolves when the socket is gone. */
  get closed(): Promise<void> {
    return this.#closed.promise
  }

  /** Sends a frame; `head` of a worker's frame allows it to be merged for a slow reader. */
  send(bytes: Uint8Array, head?: FrameHead): void {
    if (!this.ended.aborted) this.#outbox.push(bytes, head)
  }

  /** Answers messages from now on, one at a time, until the connection closes; what fails closes it. */
  answerWith(answer: (message: UserMessage) => Promise<void>): void {
    this.#answer = answer
    this.#answerNext()
  }

  #answerNext(): void {
    if (this.#answer && this.#departure === undefined) void this.#answerAll(this.#answer)
  }

  /** Runs while a message is ready: a connection that waits for its user keeps nothing for it. */
  async #answerAll(answer: (message: UserMessage) => Promise<void>): Promise<void> {
    try {
      for (let message = this.#messages.take(); message; message = this.#messages.take()) {
        await answer(message)
        this.#acceptance?.resolve(false)
        this.#acceptance = undefined
        this.#acceptedTurn = undefined
        this.#messages.finish()
        this.#depart()
      }
    } catch (err) {
      this.fail(err)
    }
  }

  /** A fault of ours ends the one connection that met it, never the process with all the others. */
  fail(err: unknown): void {
    this.log.error({ err }, 'connection failed')
    this.close(1011)
  }

  /** Lets no message begin until this is disposed; undefined where too much holds them back already. */
  holdMessages(): Disposable | undefined {
    if (this.#messages.holds >= this.#deps.config.EDGE_RESUMES_PER_CONNECTION) return undefined
    const held = new DisposableStack()
    held.defer(() => this.#depart())
    held.use(this.#messages.hold())
    return held
  }

  /** Takes a message back that waits; undefined when it does not. */
  withdraw(turnId: string): UserMessage | undefined {
    return this.#messages.withdraw(turnId)
  }

  /** Takes a message in; see WaitingMessages. While leaving none is taken. */
  offer(message: UserMessage): ReturnType<WaitingMessages['offer']> | 'leaving' {
    if (this.#departure !== undefined) return 'leaving'
    const taken = this.#messages.offer(message)
    if (taken === 'waiting') this.#deps.connections.noteHolding(this)
    return taken
  }

  /** Remembers that the client has its `accepted` frame for the running turn. */
  markAccepted({ session_id }: UserMessage): void {
    this.#acceptedTurn = session_id
    this.#acceptance?.resolve(true)
  }

  /** Whether a turn is that of the message which is being answered. */
  isAnswering(turnId: string): boolean {
    return this.#messages.current?.session_id === turnId
  }

  /** Resolves to whether the running turn is this one and was accepted, once that is known. */
  async whenAccepted(turnId: string): Promise<boolean> {
    if (!this.isAnswering(turnId)) return false
    if (this.#acceptedTurn === turnId) return true
    this.#acceptance ??= Promise.withResolvers()
    return this.#acceptance.promise
  }

  hasAccepted({ session_id }: UserMessage): boolean {
    return this.#acceptedTurn === session_id
  }

  /** Whether a turn of its user runs that began or was resumed here. */
  get isBusy(): boolean {
    return this.#messages.current !== undefined || this.#messages.holds > 0
  }

  /** Closes as too slow a reader. */
  giveUp(): void {
    this.#outbox.giveUp()
  }

  get bufferedBytes(): number {
    return this.#outbox.bufferedBytes
  }

  get waitingMessages(): number {
    return this.#messages.size
  }

  /** Closes once no turn runs; from now on none begins. */
  leave(code: CloseCodeNumber): void {
    this.#departure ??= code
    this.#depart()
  }

  #depart(): void {
    if (this.#departure !== undefined && !this.isBusy) this.close(this.#departure)
  }

  /** Closes now; where a reconnect makes sense, waiting messages get an error frame and a `goodbye` says when. */
  close(code: CloseCodeNumber, reason: string = closeCodes[code].name, retryAfterMs = 0): void {
    if (this.ended.aborted) return
    this.#ending.abort()
    this.#outbox.flush()
    this.#sendLast(code, retryAfterMs)
    const { EDGE_CLOSE_DEADLINE_MS } = this.#deps.config
    this.#closeCode = code
    closeSocket(this.#socket, { code, reason, deadlineMs: EDGE_CLOSE_DEADLINE_MS })
  }

  /** Closes now, after a frame that says why the user may no longer chat, as at connect. */
  expel({ code, message }: Expulsion): void {
    if (!this.ended.aborted) refuseConnection(this, { allowed: false, code, message }, this.#deps)
  }

  #closeSlowReader(): void {
    this.log.warn('reader is too slow')
    this.#deps.metrics.slowReaders.add(1, { kind: this.kind })
    this.close(1013)
  }

  #sendLast(code: CloseCodeNumber, soonestMs: number): void {
    const waiting = this.#messages.end()
    if (!isGoodbye(code)) return
    const retryAfterMs = soonestMs + this.#chooseRetryAfter(code)
    for (const { client_msg_id } of waiting)
      this.#outbox.sendLast(makeErrorFrame('unavailable', { retry_after_ms: retryAfterMs, client_msg_id }))
    this.#outbox.sendLast(makeGoodbye(code, retryAfterMs))
  }

  /** Spreads clients that reconnect; a new proof of identity causes no load, so those need no spreading. */
  #chooseRetryAfter(code: CloseCodeNumber): number {
    const { config, random } = this.#deps
    return code === 4401 ? 0 : Math.round(config.EDGE_RETRY_AFTER_MS * (1 + random()))
  }

  /** The peer left, or `ws` refused what it sent (1007, 1009) and closes by itself. */
  #watchSocket(): void {
    const end = () => {
      if (this.ended.aborted) return
      this.#ending.abort()
      this.#outbox.stop()
      this.#messages.end()
    }
    this.#socket.once('close', (peerCode) => {
      end()
      const code = this.#closeCode ?? peerCode
      this.log.info({ code, clean: code === peerCode }, 'connection closed')
      this.#deps.metrics.closes.add(1, { code: nameCloseCode(code) })
      this.#closed.resolve()
    })
    this.#socket.on('error', (err) => {
      this.log.info({ reason: err.message }, 'connection broken')
      end()
      cutOffAfter(this.#socket, this.#deps.config.EDGE_CLOSE_DEADLINE_MS)
    })
  }
}

const outboxBounds = (config: ConnectionDeps['config']) => ({
  lowBytes,
  maxBytes: config.EDGE_OUTBOX_MAX_BYTES,
  stallMs: config.EDGE_OUTBOX_STALL_MS,
})
