import { PlainViewer } from '@omni2/testkit'
import type { Line } from './started-stack.ts'

export type Frame = { readonly type: string } & Readonly<Record<string, unknown>>

/** What a client holds of a turn when it has ended. */
export interface Answer {
  readonly turnId: string
  /** The joined tokens of the last attempt. */
  readonly text: string
  readonly end: Frame
}

export interface Conversation extends Disposable {
  readonly welcome: Frame
  /** Resolves when the server has closed. */
  readonly closed: Promise<{ code: number; reason: string }>
  send(frame: Frame): void
  /** Sends what need not be a frame. */
  sendRaw(data: string | Uint8Array<ArrayBuffer>): void
  /** Sends a message and reads its answer. */
  say(text: string, fields?: Record<string, unknown>): Promise<Answer>
  /** Reads frames up to the end of a turn. */
  readAnswer(): Promise<Answer>
  /** The next frame; at the end of the connection one of type `closed`. */
  next(): Promise<Frame>
  /** Resolves when a frame of this type has come; takes none away. */
  seen(type: string): Promise<void>
}

/** Hears of every frame as it comes and goes. */
interface Listener {
  readonly received?: (frame: Frame) => void
  readonly sent?: (frame: Frame) => void
}

const ends = new Set(['done', 'error', 'blocked', 'cancelled'])

/**
 * Connects with Node's own WebSocket and reads the first frame: a client that knows only the protocol's document, and that
 * must be shown what a plain viewer is to be shown.
 */
export async function openConversation(
  { url }: Pick<Line, 'url'>,
  token: string,
  query = '',
  { received = () => {}, sent = () => {} }: Listener = {},
): Promise<Conversation> {
  const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` }
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/chat${query}`, { headers })
  const frames: Frame[] = []
  const types = new Set<string>()
  const viewer = new PlainViewer()
  const closed = Promise.withResolvers<{ code: number; reason: string }>()
  let arrived = Promise.withResolvers<void>()
  const take = (frame: Frame) => {
    frames.push(frame)
    types.add(frame.type)
    arrived.resolve()
    arrived = Promise.withResolvers()
  }
  socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(String(data)) as Frame
    received(frame)
    take(frame)
  })
  socket.addEventListener('close', ({ code, reason }) => {
    closed.resolve({ code, reason })
    take({ type: 'closed', code, reason })
  })
  const next = async (): Promise<Frame> => {
    while (frames.length === 0) await arrived.promise
    return viewer.take(frames.shift() ?? { type: 'closed' })
  }
  const seen = async (type: string) => {
    while (!types.has(type)) await arrived.promise
  }
  const sendRaw = (data: string | Uint8Array<ArrayBuffer>) => socket.send(data)
  const send = (frame: Frame) => {
    sent(frame)
    sendRaw(JSON.stringify(frame))
  }
  const readAnswer = () => readTurn(next)
  const say = (text: string, fields: Record<string, unknown> = {}) => {
    send({ type: 'message', text, ...fields })
    return readAnswer()
  }
  const close = () => socket.close()
  return {
    welcome: await next(),
    closed: closed.promise,
    send,
    sendRaw,
    say,
    readAnswer,
    next,
    seen,
    [Symbol.dispose]: close,
  }
}

async function readTurn(next: () => Promise<Frame>): Promise<Answer> {
  let text = ''
  let turnId = ''
  for (;;) {
    const frame = await next()
    if (frame.type === 'closed') throw new Error(`closed in mid-turn: ${JSON.stringify(frame)}`)
    if (frame.type === 'accepted') turnId = String(frame['session_id'])
    if (frame.type === 'restart') text = ''
    if (frame.type === 'token') text += String(frame['text'])
    if (frame.type === 'snapshot') text = String(frame['text'])
    if (ends.has(frame.type)) return { turnId, text, end: frame }
  }
}
