import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { Frame, SeenFrame } from '../record.ts'
import type { ClientDeps } from './client.ts'

/**
 * Watches a conversation that another connection of the user writes into, over connections that are cut. Each is a page
 * of its own, which begins with nothing and resumes nothing.
 */
export async function watchInTab(conversationId: string, deps: ClientDeps): Promise<void> {
  const { ending, random } = deps
  for (let page = 1; !ending.aborted; page += 1) {
    await watchOnce(conversationId, { ...deps, name: `${deps.name}-${page}` }).catch(() => {})
    await sleep(random.between(100, 2000), undefined, { signal: ending }).catch(() => {})
  }
}

async function watchOnce(
  conversationId: string,
  { host, user, name, connections, now, random, ending }: ClientDeps,
): Promise<void> {
  const socket = new WebSocket(`ws://${host}/ws/chat?conversation_id=${conversationId}`, {
    headers: { authorization: `Bearer ${user.token}` },
    handshakeTimeout: 8000,
  })
  const frames: SeenFrame[] = []
  socket.on('error', () => {})
  socket.on('message', (data: Buffer) =>
    frames.push({ at: now(), frame: JSON.parse(data.toString()) as Frame }),
  )
  const closed = new Promise((resolve) => void socket.once('close', resolve))
  try {
    await once(socket, 'open')
    connections.push({ client: name, user_id: user.id, kind: 'ws', frames })
    const cut = sleep(random.between(1000, 20_000), undefined, { signal: ending }).catch(() => {})
    await Promise.race([closed, cut])
  } finally {
    socket.removeAllListeners('message')
    socket.terminate()
  }
}
