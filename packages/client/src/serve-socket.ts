import type { ClientFrame } from './client-frames.ts'
import type { ServerFrame, ServerFrameOf } from './server-frames.ts'
import type { ChatError } from './chat-error.ts'
import { makeDeferred } from './deferred.ts'
import { KeepAlive, type KeepAlivePolicy } from './keep-alive.ts'
import { makeFrameError } from './make-frame-error.ts'
import { parseFrame } from './parse-frame.ts'
import { refuseLaterProtocol } from './protocol-version.ts'
import type { SocketLike } from './socket-like.ts'

/** How a socket ended. */
export interface SocketEnd {
  /** Its close code; 1006 where it broke, was given up here or never came about. */
  readonly code: number
  readonly reason: string
  readonly hasOpened: boolean
  readonly wasWelcomed: boolean
  readonly goodbye?: ServerFrameOf<'goodbye'> | undefined
  /** The server's error in place of a welcome, or the error that kept the socket from opening. */
  readonly complaint?: ChatError | undefined
}

export interface SocketHandlers {
  /** The conversation can be used from here on. */
  readonly onWelcome: (frame: ServerFrameOf<'welcome'>, send: (frame: ClientFrame) => void) => void
  readonly onFrame: (frame: ServerFrame) => void
}

interface SocketDeps extends SocketHandlers {
  readonly keepAlive: KeepAlivePolicy
  /** Longest time until `welcome`, in milliseconds. */
  readonly openMs: number
  /** Closes the socket when it aborts. */
  readonly signal: AbortSignal
}

/** Serves one socket until it ends, however it does; never rejects. */
export const serveSocket = (socket: SocketLike, deps: SocketDeps): Promise<SocketEnd> =>
  new ServedSocket(socket, deps).ended

/**
 * One socket. Opening: until `welcome` a timer runs. Welcomed: frames go both ways, silence is tested. Ended: closed by
 * the server, by `signal`, or given up after silence; later frames are ignored.
 */
class ServedSocket {
  readonly #socket: SocketLike
  readonly #deps: SocketDeps
  readonly #end = makeDeferred<SocketEnd>()
  readonly #keepAlive: KeepAlive
  readonly #opening: ReturnType<typeof setTimeout>
  readonly #leave = () => this.#finish(1000, 'closed')
  #facts: Omit<SocketEnd, 'code' | 'reason'> = { hasOpened: false, wasWelcomed: false }
  #hasEnded = false

  constructor(socket: SocketLike, deps: SocketDeps) {
    this.#socket = socket
    this.#deps = deps
    this.#keepAlive = new KeepAlive({
      ...deps.keepAlive,
      ping: () => this.#send({ type: 'ping' }),
      onDead: () => this.#finish(1006, 'no answer to a ping'),
    })
    this.#opening = setTimeout(() => this.#finish(1006, 'no welcome in time'), deps.openMs)
    this.#listen()
  }

  get ended(): Promise<SocketEnd> {
    return this.#end.promise
  }

  #listen(): void {
    const socket = this.#socket
    socket.addEventListener('open', () => (this.#facts = { ...this.#facts, hasOpened: true }))
    // The close event follows, and has more details.
    socket.addEventListener('error', () => {})
    socket.addEventListener('close', ({ code = 1006, reason = '' }) => this.#finish(code, reason))
    socket.addEventListener('message', ({ data }) => this.#hear(data))
    this.#deps.signal.addEventListener('abort', this.#leave)
  }

  #hear(data: unknown): void {
    if (this.#hasEnded) return
    this.#keepAlive.heard()
    const problem = this.#facts.wasWelcomed ? undefined : refuseLaterProtocol(data)
    if (problem) return this.#refuse(problem)
    const frame = parseFrame(data)
    if (frame) this.#receive(frame)
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === 'welcome') return this.#welcome(frame)
    if (frame.type === 'goodbye') this.#facts = { ...this.#facts, goodbye: frame }
    else if (this.#facts.wasWelcomed) this.#deps.onFrame(frame)
    else if (frame.type === 'error' || frame.type === 'blocked')
      this.#facts = { ...this.#facts, complaint: makeFrameError(frame) }
  }

  /** Leaves as where the server refuses for good: another connection would bring the same. */
  #refuse(complaint: ChatError): void {
    this.#facts = { ...this.#facts, complaint }
    this.#finish(1008, complaint.message)
  }

  #welcome(frame: ServerFrameOf<'welcome'>): void {
    clearTimeout(this.#opening)
    this.#facts = { ...this.#facts, wasWelcomed: true }
    this.#deps.onWelcome(frame, (answer) => this.#send(answer))
  }

  #send(frame: ClientFrame): void {
    if (!this.#hasEnded) this.#socket.send(JSON.stringify(frame))
  }

  #finish(code: number, reason: string): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    clearTimeout(this.#opening)
    this.#keepAlive.end()
    this.#deps.signal.removeEventListener('abort', this.#leave)
    this.#end.resolve({ code, reason, ...this.#facts })
    // This has no effect on a closed socket.
    this.#socket.close(1000)
  }
}
