import type { Line } from './started-stack.ts'

export type Frame = { readonly type: string } & Readonly<Record<string, unknown>>

/** What a client holds of a turn when it has ended. */
export interface Answer {
  readonly sessionId: string
  /** The joined tokens of the last attempt. */
  readonly text: string
  readonly end: Frame
}

export interface Conversation extends Disposable {
  readonly welcome: Frame
  /** Resolves when the server has closed. */
  readonly closed: Promise<{ code: number; reason: string }>
  say(text: string): Promise<Answer>
  /** The next frame. */
  next(): Promise<Frame>
}

const ends = new Set(['done', 'error', 'blocked', 'cancelled'])

/** Connects with Node's own WebSocket and reads the first frame: a client that knows only the protocol's document. */
export async function openConversation({ url }: Pick<Line, 'url'>, token: string): Promise<Conversation> {
  const headers = { authorization: `Bearer ${token}` }
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/chat`, { headers })
  const frames: Frame[] = []
  const closed = Promise.withResolvers<{ code: number; reason: string }>()
  let arrived = Promise.withResolvers<void>()
  socket.addEventListener('message', ({ data }) => {
    frames.push(JSON.parse(String(data)))
    arrived.resolve()
  })
  socket.addEventListener('close', ({ code, reason }) => {
    closed.resolve({ code, reason })
    frames.push({ type: 'closed', code, reason })
    arrived.resolve()
  })
  const next = async (): Promise<Frame> => {
    for (;;) {
      const frame = frames.shift()
      if (frame) return frame
      arrived = Promise.withResolvers()
      await arrived.promise
    }
  }
  const say = async (text: string) => {
    socket.send(JSON.stringify({ type: 'message', text }))
    return readAnswer(next)
  }
  return { welcome: await next(), closed: closed.promise, say, next, [Symbol.dispose]: () => socket.close() }
}

async function readAnswer(next: () => Promise<Frame>): Promise<Answer> {
  let text = ''
  let sessionId = ''
  for (;;) {
    const frame = await next()
    if (frame.type === 'closed') throw new Error(`closed in mid-turn: ${JSON.stringify(frame)}`)
    if (frame.type === 'accepted') sessionId = String(frame['session_id'])
    if (frame.type === 'restart') text = ''
    if (frame.type === 'token') text += String(frame['text'])
    if (frame.type === 'snapshot') text = String(frame['text'])
    if (ends.has(frame.type)) return { sessionId, text, end: frame }
  }
}
