import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdapter } from '@socket.io/redis-streams-adapter'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { endWithParent } from '../serve-chat.ts'

// One of two servers: it keeps sockets and hands questions to the worker; its adapter brings the worker's tokens.

const redis = new Redis(process.argv[2] ?? '')
const http = createServer()
const io = new Server(http, {
  adapter: createAdapter(redis),
  connectionStateRecovery: {},
  transports: ['websocket'],
  perMessageDeflate: false,
})

io.on('connection', (socket) => {
  socket.on('message', (text: string) => io.serverSideEmit('ask', { room: socket.id, text }))
})
http.listen(0, '127.0.0.1', () => {
  const { port } = http.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
endWithParent()
