import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { ChatClient } from './system.ts'

interface Frame {
  readonly type: string
  readonly text?: string
}

/** A client of a server that speaks our frames, or the few of them that a bare one has. Resolves after `welcome`. */
export async function openSocketChat(url: string, headers: Record<string, string> = {}): Promise<ChatClient> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false })
  let receive: (frame: Frame) => void = () => {}
  let fail: (error: Error) => void = () => {}
  socket.on('message', (data: Buffer) => receive(JSON.parse(data.toString()) as Frame))
  socket.on('error', (error) => fail(error))
  socket.on('close', (code, reason) => fail(new Error(`the server closed with ${code} ${reason.toString()}`)))
  const { promise: welcomed, resolve, reject } = Promise.withResolvers<Frame>()
  receive = resolve
  fail = reject
  const frame = await welcomed
  if (frame.type !== 'welcome') throw new Error(`no welcome: ${JSON.stringify(frame)}`)
  return {
    ask: (text, onText) => {
      const { promise, resolve: end, reject: failed } = Promise.withResolvers<void>()
      fail = failed
      receive = (each) => {
        if (each.type === 'token' && each.text !== undefined) onText(each.text)
        else if (each.type === 'done') end()
        else if (['error', 'blocked', 'cancelled'].includes(each.type))
          failed(new Error(JSON.stringify(each)))
      }
      socket.send(JSON.stringify({ type: 'message', text }))
      return promise
    },
    close: () => {
      fail = () => {}
      socket.terminate()
      void once(socket, 'close')
    },
  }
}
