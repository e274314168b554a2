import { once } from 'node:events'
import { WebSocket } from 'ws'
import { microseconds, readStamps } from '../measure/clock.ts'
import type { Ours } from '../systems/open-ours.ts'

interface Frame {
  readonly type: string
  readonly session_id?: string
  readonly attempt?: number
  readonly seq?: number
  readonly text?: string
  readonly conversation_id?: string
  readonly resume_token?: string
  readonly frame?: Frame
  readonly result?: { readonly answer: string }
}

/** Frames that answer a resume. */
const answers: ReadonlySet<string> = new Set(['resumed', 'snapshot', 'finished', 'unrecoverable'])

/** A client of ours with one turn, whose connection may be cut and opened again; it shows what a plain viewer shows. */
export class ResumableChat {
  readonly #ours: Ours
  readonly #client: number
  readonly #begun = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<void>()
  #socket: WebSocket | undefined
  #conversationId = ''
  #token = ''
  #cursor = { attempt: 0, seq: 0 }
  #shown = ''
  #answer: string | undefined
  #resumedAt: { from: number; give: (ms: number) => void } | undefined
  #welcomed = () => {}
  /** Called with the latency of each token, in milliseconds. */
  onToken: (ms: number) => void = () => {}

  constructor(ours: Ours, client: number) {
    this.#ours = ours
    this.#client = client
  }

  /** Resolves with the first token. */
  get begun(): Promise<void> {
    return this.#begun.promise
  }

  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /** Whether the text on the screen is the answer, byte for byte. */
  get isExact(): boolean {
    return this.#answer !== undefined && this.#answer === this.#shown
  }

  /** Opens a connection, to any edge. */
  async connect(edge = this.#client): Promise<void> {
    const query = this.#conversationId === '' ? '' : `?conversation_id=${this.#conversationId}`
    const headers = await this.#ours.identify(this.#client)
    const socket = new WebSocket(this.#ours.socketUrl(edge) + query, { headers, perMessageDeflate: false })
    this.#socket = socket
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#welcomed = resolve
    socket.on('error', reject)
    socket.on('message', (data: Buffer) => {
      if (this.#socket === socket) this.#take(JSON.parse(data.toString()) as Frame)
    })
    await promise
  }

  ask(text: string): void {
    this.#socket?.send(JSON.stringify({ type: 'message', text, client_msg_id: 'm' }))
  }

  /** Cuts the connection as a broken network does; what is in its buffers is lost. */
  async cut(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    if (!socket) return
    socket.terminate()
    if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close')
  }

  /** Asks for what is missing; resolves with the milliseconds until the answer. */
  resume(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>()
    this.#resumedAt = { from: microseconds(), give: resolve }
    const head = { type: 'resume', resume_token: this.#token, client_msg_id: 'm' }
    this.#socket?.send(JSON.stringify({ ...head, ...this.#cursor }))
    return promise
  }

  #take(frame: Frame): void {
    if (frame.type === 'welcome') {
      this.#conversationId = frame.conversation_id ?? ''
      this.#token = frame.resume_token ?? ''
      return this.#welcomed()
    }
    if (this.#resumedAt && answers.has(frame.type)) {
      this.#resumedAt.give((microseconds() - this.#resumedAt.from) / 1000)
      this.#resumedAt = undefined
    }
    this.#show(frame)
    if ((frame.attempt ?? 0) > 0) this.#cursor = { attempt: frame.attempt ?? 0, seq: frame.seq ?? 0 }
  }

  #show(frame: Frame): void {
    switch (frame.type) {
      case 'token':
        this.#measure(frame.text ?? '')
        this.#shown += frame.text ?? ''
        break
      case 'restart':
        this.#shown = ''
        break
      case 'snapshot':
        this.#shown = frame.text ?? ''
        break
      case 'finished':
        this.#shown = frame.frame?.result?.answer ?? ''
        this.#end(this.#shown)
        break
      case 'done':
        this.#end(frame.result?.answer ?? '')
        break
      case 'error':
      case 'unrecoverable':
      case 'blocked':
        this.#ended.reject(new Error(JSON.stringify(frame)))
    }
  }

  #measure(text: string): void {
    const now = microseconds()
    this.#begun.resolve()
    for (const stamp of readStamps(text)) this.onToken((now - stamp) / 1000)
  }

  #end(answer: string): void {
    this.#answer ??= answer
    this.#ended.resolve()
  }
}
