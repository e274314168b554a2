import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeTurnId } from '@omni2/contracts'
import { WebSocket } from 'ws'
import { isEnd } from '../check/check-ends.ts'
import type { Frame, SeenFrame } from '../record.ts'
import { watchInTab } from './watch-in-tab.ts'
import { noteFrame, writeQuestion, type ClientDeps, type OpenTurn } from './client.ts'

/** Errors of a message that was not accepted, and may be sent again under its id. */
const mayResend = new Set([
  'accept_unknown',
  'unavailable',
  'queue_full',
  'rate_limited',
  'concurrency_limited',
])

/** Longest wait for a frame, in milliseconds; then the client connects again, as after a network that went silent. */
const silenceMs = 8000

/**
 * A client over WebSocket: one turn after another in one conversation, over connections that it cuts, loses and
 * continues. It sends nonsense, sends messages twice, and cancels some.
 */
export class SocketClient {
  readonly #deps: ClientDeps
  #conversationId: string | undefined
  #resumeToken = ''
  #open: OpenTurn | undefined
  /** The turn before, which an edit replaces. */
  #last: string | undefined
  #tab: Promise<void> | undefined
  #count = 0

  constructor(deps: ClientDeps) {
    this.#deps = deps
  }

  async run(): Promise<void> {
    const { ending, giveUp, random } = this.#deps
    while (!giveUp.aborted && !(ending.aborted && !this.#open)) {
      await this.#connect().catch(() => {})
      await sleep(random.between(0, 1500), undefined, { signal: giveUp }).catch(() => {})
    }
    await this.#tab
  }

  async #connect(): Promise<void> {
    const { host, user, name, connections, now, giveUp } = this.#deps
    const query = this.#conversationId === undefined ? '' : `?conversation_id=${this.#conversationId}`
    const socket = new WebSocket(`ws://${host}/ws/chat${query}`, {
      headers: { authorization: `Bearer ${user.token}` },
      handshakeTimeout: silenceMs,
    })
    const frames: SeenFrame[] = []
    const inbox = new Inbox()
    socket.on('error', () => {})
    socket.on('close', () => inbox.end())
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame
      frames.push({ at: now(), frame })
      this.#note(frame)
      inbox.add(frame)
    })
    const stop = () => socket.terminate()
    giveUp.addEventListener('abort', stop)
    try {
      await once(socket, 'open')
      connections.push({ client: name, user_id: user.id, kind: 'ws', frames })
      await this.#talk(socket, inbox)
    } finally {
      giveUp.removeEventListener('abort', stop)
      // What is still in its buffers counts as lost with the connection.
      socket.removeAllListeners('message')
      socket.terminate()
    }
  }

  async #talk(socket: WebSocket, inbox: Inbox): Promise<void> {
    const { random, ending } = this.#deps
    const welcome = await inbox.next()
    if (welcome?.type !== 'welcome') return
    this.#conversationId ??= String(welcome['conversation_id'])
    this.#resumeToken = String(welcome['resume_token'])
    const cutAt = performance.now() + random.between(1000, 15_000)
    if (this.#open) this.#resume(socket, this.#open)
    while (!(ending.aborted && !this.#open)) {
      if (!this.#open) this.#ask(socket)
      else if (random.chance(0.01)) this.#disturb(socket, this.#open)
      const frame = await inbox.next()
      if (!frame || performance.now() > cutAt) return
      await this.#receive(frame, socket)
    }
  }

  /** One that was accepted is resumed; one that may not have been is sent again. */
  #resume(socket: WebSocket, { asked, client_msg_id, message, attempt, seq }: OpenTurn): void {
    if (asked.accepted)
      send(socket, { type: 'resume', resume_token: this.#resumeToken, client_msg_id, attempt, seq })
    else send(socket, message)
  }

  #ask(socket: WebSocket): void {
    const { name, user, random, asked } = this.#deps
    this.#count += 1
    const client_msg_id = `${name}-${this.#count}`
    const conversationId = this.#conversationId ?? ''
    const turn = {
      client: name,
      user_id: user.id,
      session_id: makeTurnId({ userId: user.id, conversationId, clientMsgId: client_msg_id }),
      text: writeQuestion(client_msg_id, random),
      accepted: false,
      ended: false,
    }
    asked.push(turn)
    const replaces = this.#last !== undefined && random.chance(0.1) ? { replaces: this.#last } : {}
    const message = { type: 'message', text: turn.text, client_msg_id, ...replaces }
    this.#open = { asked: turn, client_msg_id, message, attempt: 0, seq: 0 }
    send(socket, message)
    if (random.chance(0.05)) send(socket, { type: 'cancel', client_msg_id })
  }

  /** Some clients look at their conversation in a second tab. */
  #openTab(): void {
    const { random, name } = this.#deps
    if (this.#tab || this.#conversationId === undefined || !random.chance(0.3)) return
    this.#tab = watchInTab(this.#conversationId, {
      ...this.#deps,
      name: `${name}-tab`,
      random: random.fork(),
    })
  }

  /** Reads nothing for a while, so that frames wait for it. */
  #readSlowly(socket: WebSocket): void {
    socket.pause()
    setTimeout(() => socket.resume(), this.#deps.random.between(500, 3000)).unref()
  }

  #disturb(socket: WebSocket, { message, client_msg_id }: OpenTurn): void {
    const acts = [
      () => socket.send('{"type":'),
      () => socket.send('[]'),
      () => socket.send(Buffer.from([0xff, 0xfe])),
      () => send(socket, { type: 'nonsense' }),
      () => send(socket, message),
      () => this.#readSlowly(socket),
      () => send(socket, { type: 'cancel', client_msg_id }),
      () => send(socket, { type: 'ping' }),
    ]
    this.#deps.random.pick(acts)()
  }

  #end({ asked }: OpenTurn): void {
    asked.ended = true
    this.#last = asked.session_id
    this.#open = undefined
    this.#openTab()
  }

  /** As soon as a frame is there, because a cut may come before it is handled. */
  #note(frame: Frame): void {
    const open = this.#open
    if (!open || frame['session_id'] !== open.asked.session_id) return
    if (isEnd(frame)) this.#end(open)
    else if (frame.type === 'accepted' || Number(frame['attempt']) > 0) noteFrame(open, frame)
  }

  async #receive(frame: Frame, socket: WebSocket): Promise<void> {
    const open = this.#open
    if (!open) return
    if (frame.type === 'unrecoverable' && !open.asked.ended) {
      // Its message was never stored, or a worker does not know it yet: sent again, it is the same turn.
      await sleep(500)
      send(socket, open.message)
    } else if (frame.type === 'error' && frame['client_msg_id'] === open.client_msg_id) {
      if (!mayResend.has(String(frame['code']))) this.#open = undefined
      else {
        await sleep(Math.min(Number(frame['retry_after_ms'] ?? 500), 2000))
        send(socket, open.message)
      }
    }
  }
}

const send = (socket: WebSocket, frame: object): void => socket.send(JSON.stringify(frame))

/** Frames in their order; undefined at the end of the connection, or after a long silence. */
class Inbox {
  readonly #frames: Frame[] = []
  #hasEnded = false
  #wake = () => {}

  add(frame: Frame): void {
    this.#frames.push(frame)
    this.#wake()
  }

  end(): void {
    this.#hasEnded = true
    this.#wake()
  }

  async next(): Promise<Frame | undefined> {
    if (this.#frames.length === 0 && !this.#hasEnded) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      const timer = setTimeout(resolve, silenceMs)
      await promise
      clearTimeout(timer)
    }
    return this.#frames.shift()
  }
}
