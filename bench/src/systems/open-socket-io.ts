import { join } from 'node:path'
import { openRedis } from '@omni2/local-servers'
import { io } from 'socket.io-client'
import { runScript } from './run-script.ts'
import type { ChatClient, System } from './system.ts'

/** Two Socket.IO servers and a worker, joined by the streams of a redis-server of their own. */
export async function openSocketIo(
  modelUrl: string,
  { folder, log }: { folder: string; log: (line: string) => void },
): Promise<System> {
  await using stack = new AsyncDisposableStack()
  const redis = stack.use(await openRedis({ dataDir: join(folder, 'socket-io-redis'), log }))
  const worker = stack.use(await runScript('peers/socket-io/worker.ts', [redis.url, modelUrl]))
  const servers = [
    stack.use(await runScript('peers/socket-io/server.ts', [redis.url])),
    stack.use(await runScript('peers/socket-io/server.ts', [redis.url])),
  ]
  const owned = stack.move()
  return {
    name: 'socket.io',
    roots: [
      ...servers.map(({ pid }, index) => ({ name: `server-${index + 1}`, pid })),
      { name: 'worker', pid: worker.pid },
      { name: 'redis', pid: redis.pid ?? 0 },
    ],
    connect: (client) => openSocketIoChat(servers[client % servers.length]?.url ?? ''),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function openSocketIoChat(url: string): Promise<ChatClient> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  socket.on('connect', resolve)
  socket.on('connect_error', reject)
  await promise
  let onPiece: (piece: string) => void = () => {}
  let end: () => void = () => {}
  socket.on('token', (piece: string) => onPiece(piece))
  socket.on('done', () => end())
  return {
    ask: (text, onText) => {
      const asked = Promise.withResolvers<void>()
      onPiece = onText
      end = asked.resolve
      socket.emit('message', text)
      return asked.promise
    },
    close: () => void socket.disconnect(),
  }
}
