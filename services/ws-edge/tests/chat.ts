import { once } from 'node:events'
import type { Agent } from 'node:http'
import { WebSocket } from 'ws'
import {
  serverFrameSchema,
  type ServerFrame,
  type ServerFrameOf,
  type ServerFrameType,
} from '@omni2/contracts'
import { PlainViewer } from '@omni2/testkit'
import type { AssertionOptions, AuthDouble } from './auth-double.ts'

export interface ChatOptions {
  assertion?: AssertionOptions
  headers?: Record<string, string>
  /** Query string, with its question mark. */
  query?: string
  autoPong?: boolean
  agent?: Agent
}

/** Connects as a gateway would after asking `auth`. */
export async function openChat(url: string, auth: AuthDouble, options: ChatOptions = {}): Promise<Chat> {
  const assertion = await auth.sign(options.assertion)
  const headers = { 'x-omni2-identity': assertion, ...options.headers }
  const socket = new WebSocket(`${url}${options.query ?? ''}`, {
    headers,
    perMessageDeflate: false,
    autoPong: options.autoPong ?? true,
    ...(options.agent ? { agent: options.agent } : {}),
  })
  const chat = new Chat(socket)
  await once(socket, 'open')
  return chat
}

/**
 * A client that keeps every frame until a test asks for it; each must be one that contracts know, and together they must
 * show a plain viewer the whole answer.
 */
export class Chat implements Disposable {
  readonly socket: WebSocket
  /** Resolves when the socket has closed. */
  readonly closed: Promise<{ code: number; reason: string }>
  readonly viewer = new PlainViewer()
  readonly #frames: { bytes: Buffer; frame: ServerFrame }[] = []
  readonly #waiters: (() => void)[] = []
  #isClosed = false

  constructor(socket: WebSocket) {
    const { promise, resolve } = Promise.withResolvers<{ code: number; reason: string }>()
    this.socket = socket
    this.closed = promise
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => {
      this.#frames.push({ bytes: data, frame: serverFrameSchema.parse(JSON.parse(data.toString())) })
      this.#wake()
    })
    socket.on('close', (code, reason) => {
      this.#isClosed = true
      resolve({ code, reason: reason.toString() })
      this.#wake()
    })
  }

  /** The next frame as its bytes; the test's own timeout bounds the wait. */
  async nextBytes(): Promise<Buffer> {
    return (await this.#next()).bytes
  }

  /** The next frame, which must be of this type. */
  async next<T extends ServerFrameType>(type: T): Promise<ServerFrameOf<T>> {
    const { frame } = await this.#next()
    if (!isOfType(frame, type)) throw new Error(`expected ${type}, got ${JSON.stringify(frame)}`)
    return frame
  }

  /** All frames up to and including the next one of this type. */
  async until(type: ServerFrameType): Promise<ServerFrame[]> {
    const frames: ServerFrame[] = []
    for (;;) {
      const { frame } = await this.#next()
      frames.push(frame)
      if (frame.type === type) return frames
    }
  }

  /** Frames that came and that the test has not read. */
  get left(): ServerFrame[] {
    return this.#frames.map(({ frame }) => frame)
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  say(text: string, fields: object = {}): void {
    this.send({ type: 'message', text, ...fields })
  }

  /** Everything sent before has been handled: the pong comes after its answers. */
  async settle(): Promise<ServerFrame[]> {
    this.send({ type: 'ping' })
    return (await this.until('pong')).slice(0, -1)
  }

  [Symbol.dispose](): void {
    this.socket.terminate()
  }

  async #next(): Promise<{ bytes: Buffer; frame: ServerFrame }> {
    for (;;) {
      const next = this.#frames.shift()
      if (next) {
        this.viewer.take(next.frame)
        return next
      }
      if (this.#isClosed) throw new Error(`closed while waiting: ${JSON.stringify(await this.closed)}`)
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiters.push(resolve)
      await promise
    }
  }

  #wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve()
  }
}

const isOfType = <T extends ServerFrameType>(frame: ServerFrame, type: T): frame is ServerFrameOf<T> =>
  frame.type === type
