import { once } from 'node:events'
import { PlainViewer } from '@omni2/testkit'
import type { Line } from './started-stack.ts'

type Frame = { readonly type: string } & Readonly<Record<string, unknown>>

/** Logs a demo user in; returns the response's status and, where it worked, the token. */
export async function logIn({ url, users }: Line, username: string) {
  const password = users.find((user) => user.username === username)?.password
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  const body = (await response.json()) as { access_token?: string }
  return { status: response.status, token: body.access_token ?? '' }
}

/** Says one thing over a socket of its own and returns every frame up to the one that ends the turn. */
export async function chat(line: Line, token: string, text: string): Promise<Frame[]> {
  const socket = new WebSocket(`${line.url.replace('http', 'ws')}/ws/chat`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const frames: Frame[] = []
  const ended = new Promise<void>((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as Frame
      frames.push(frame)
      if (['done', 'error', 'blocked', 'cancelled'].includes(frame.type)) resolve()
    })
    socket.addEventListener('close', ({ code, reason }) => reject(new Error(`closed: ${code} ${reason}`)))
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'message', text }))
  await ended
  socket.close()
  const viewer = new PlainViewer()
  return frames.map((frame) => viewer.take(frame))
}
