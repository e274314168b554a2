/// <reference lib="esnext.disposable" preserve="true" />

import type { ServerFrame, ServerFrameOf } from './server-frames.ts'
import { makeDeferred } from './deferred.ts'
import { cancelOnAbort, checkSignal } from './cancel-on-abort.ts'
import { ChatError } from './chat-error.ts'
import { checkText } from './check-text.ts'
import { Connection, type ConnectionSettings } from './connection.ts'
import { attemptOf } from './judge-frame.ts'
import { LiveReply } from './live-reply.ts'
import { makeId } from './make-id.ts'
import { OpenTurns } from './open-turns.ts'
import type { Reply } from './reply-event.ts'
import type { SocketEnd } from './serve-socket.ts'
import type { SentMessage } from './socket-turn.ts'

/** What happens to the connection, beside the replies. */
export type ChatEvent =
  | { readonly type: 'connected'; readonly welcome: Welcome }
  | {
      readonly type: 'disconnected'
      readonly code: number
      readonly reason: string
      readonly retryInMs: number
    }
  /** No other connection is tried; `error` is undefined after `close()`. */
  | { readonly type: 'closed'; readonly error: ChatError | undefined }
  /** An event that belongs to no reply, such as an error without a message. */
  | { readonly type: 'frame'; readonly frame: ServerFrame }

export type Welcome = ServerFrameOf<'welcome'>

export interface SendOptions {
  /** Made when not given. Sent again with the same one, also in another chat of the conversation, it is the same turn. */
  readonly clientMsgId?: string | undefined
  /** The session_id of an earlier turn that this message edits, or whose reply it asks for again. */
  readonly replaces?: string | undefined
  /** Cancels the turn when it aborts. */
  readonly signal?: AbortSignal | undefined
}

interface ChatDeps {
  /** The conversation to reopen. */
  readonly conversationId: string | undefined
  readonly onEvent: (event: ChatEvent) => void
  readonly onReply: (reply: Reply) => void
}

/**
 * One conversation over sockets that come and go. Connecting: until the first `welcome`. Connected and disconnected
 * take turns; replies go on across them. Closed: by `close()`, or for good by the server; every reply has ended.
 */
export class Chat implements AsyncDisposable {
  readonly #deps: ChatDeps
  readonly #turns: OpenTurns
  readonly #closing = new AbortController()
  readonly #first = makeDeferred<this>()
  readonly #ended: Promise<void>
  #welcome: Welcome | undefined
  #conversationId: string | undefined
  #resumeToken = ''
  /** Whether the server has the conversation on record, so that it can be reopened by its id. */
  #isRecorded: boolean
  #failure: ChatError | undefined

  constructor(settings: ConnectionSettings, deps: ChatDeps) {
    this.#deps = deps
    this.#turns = new OpenTurns(deps)
    this.#conversationId = deps.conversationId
    this.#isRecorded = deps.conversationId !== undefined
    const connection = new Connection(settings, {
      chooseConversation: () => (this.#isRecorded ? this.#conversationId : undefined),
      onWelcome: (welcome, send) => {
        const isSameConversation = this.#meet(welcome)
        this.#turns.connected({ send, isSameConversation, resumeToken: this.#resumeToken })
        this.#deps.onEvent({ type: 'connected', welcome })
        this.#first.resolve(this)
      },
      onFrame: (frame) => this.#receive(frame),
      onDown: (end, retryInMs) => this.#down(end, retryInMs),
      onLost: (error) => this.#end(error),
      signal: this.#closing.signal,
    })
    this.#ended = connection.run()
    // `connect` waits for it; before the first connection no other code has this chat.
    this.#first.promise.catch(() => {})
  }

  /** Resolves to this chat at the first `welcome`; rejects with ChatError. */
  get connected(): Promise<this> {
    return this.#first.promise
  }

  /** What the server said at the last connect. */
  get welcome(): Welcome {
    if (!this.#welcome) throw new ChatError('connection_failed', 'The chat is not connected yet.')
    return this.#welcome
  }

  /** Version of the wire that the server speaks. */
  get protocol(): number {
    // Servers before the first number speak the first version.
    return this.welcome.protocol ?? 1
  }

  get conversationId(): string {
    return this.#conversationId ?? this.welcome.conversation_id
  }

  /** Starts a turn, or queues it behind the connection and earlier turns; an error ends the reply. */
  send(text: string, { clientMsgId = makeId(), replaces, signal }: SendOptions = {}): Reply {
    const message = {
      type: 'message' as const,
      text,
      client_msg_id: clientMsgId,
      ...(replaces && { replaces }),
    }
    const problem = this.#failure ?? checkText(text, JSON.stringify(message)) ?? checkSignal(signal)
    if (problem) return makeFailedReply(message, problem)
    const reply = this.#turns.start(message)
    cancelOnAbort(reply, signal)
    return reply
  }

  /** Ends the connection and all replies that are still open (`closed`); their turns go on at the server. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#ended
    this.#end(undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Keeps the conversation where something depends on it; returns whether the socket has it already. */
  #meet(welcome: Welcome): boolean {
    this.#welcome = welcome
    const isSame = this.#conversationId === undefined || this.#conversationId === welcome.conversation_id
    if (!isSame && this.#turns.hasSent) return false
    this.#adopt(welcome)
    return true
  }

  #adopt({ conversation_id, resume_token }: Welcome): void {
    this.#isRecorded &&= this.#conversationId === conversation_id
    this.#conversationId = conversation_id
    this.#resumeToken = resume_token
  }

  #receive(frame: ServerFrame): void {
    // The old conversation is lost, so the chat uses the socket's own from here on.
    if (frame.type === 'unrecoverable' && frame.reason.endsWith('_token')) this.#adopt(this.welcome)
    const isOfTurn = this.#turns.receive(frame)
    if (isOfTurn && attemptOf(frame) > 0) this.#isRecorded = true
    if (!isOfTurn && frame.type !== 'pong') this.#deps.onEvent({ type: 'frame', frame })
  }

  #down({ code, reason, goodbye }: SocketEnd, retryInMs: number): void {
    this.#turns.disconnected()
    if (code === 1009) {
      const error = new ChatError('text_too_long', 'The message is too long for this server.')
      this.#turns.failAll(error, ({ phase }) => phase === 'sent')
    }
    if (goodbye?.resume === false) {
      const error = new ChatError('unrecoverable', 'The server closed and gave the turn up.')
      this.#turns.failAll(error, ({ phase }) => phase !== 'unsent')
    }
    this.#deps.onEvent({ type: 'disconnected', code, reason, retryInMs })
  }

  #end(error: ChatError | undefined): void {
    if (this.#failure) return
    this.#failure = error ?? new ChatError('closed', 'The chat is closed.')
    this.#turns.disconnected()
    this.#turns.failAll(this.#failure)
    this.#first.reject(this.#failure)
    this.#deps.onEvent({ type: 'closed', error })
  }
}

function makeFailedReply({ client_msg_id, text, replaces }: SentMessage, problem: ChatError): Reply {
  const clientMsgId = client_msg_id
  const reply = new LiveReply({ cancel: () => {}, clientMsgId, question: text, replaces })
  reply.fail(problem)
  return reply
}
