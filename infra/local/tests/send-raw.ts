import { connect, type Socket } from 'node:net'

/** A client that writes these bytes and nothing else. */
export function sendRaw(url: string, bytes: string): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  socket.on('error', () => {})
  socket.write(Buffer.from(bytes, 'latin1'))
  return socket
}

/** What such a client is answered until the connection ends. */
export async function readRaw(socket: Socket): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let text = ''
  socket.on('data', (part: Buffer) => (text += part.toString('latin1')))
  socket.once('close', () => resolve())
  await promise
  return text
}

/** A request's head: its first line and these lines. */
export const makeHead = (...lines: string[]): string => `${[...lines, 'Host: gateway'].join('\r\n')}\r\n\r\n`

export const upgradeLines = [
  'GET /ws/chat HTTP/1.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]
