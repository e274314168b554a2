import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

type Send = (frame: object) => void

/** Serves a chat over WebSocket, one question at a time, with the socket options of ws-edge. */
export function serveChat(answer: (text: string, send: Send) => Promise<void>): void {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: false,
    maxPayload: 1024 * 1024,
  })
  server.on('connection', (socket) => {
    const send: Send = (frame) => socket.send(JSON.stringify(frame))
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => {
      const { text }: { text: string } = JSON.parse(data.toString())
      answer(text, send).then(
        () => send({ type: 'done' }),
        (error: unknown) => send({ type: 'error', error: String(error) }),
      )
    })
    send({ type: 'welcome' })
  })
  server.on('listening', () => {
    const { port } = server.address() as AddressInfo
    process.stdout.write(`${JSON.stringify({ url: `ws://127.0.0.1:${port}/` })}\n`)
  })
  endWithParent()
}

/** The process that started this one keeps its input open for as long as it lives. */
export function endWithParent(): void {
  process.stdin.resume().on('end', () => process.exit())
}
