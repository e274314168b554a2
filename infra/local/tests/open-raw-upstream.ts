import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A server behind the gateway that answers whatever the test says, byte for byte, once a request's head is there. */
export async function openRawUpstream(answer: (socket: Socket, head: string) => void) {
  const open = new Set<Socket>()
  let left: (() => void) | undefined
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => {
      open.delete(socket)
      if (open.size === 0) left?.()
    })
    let head = ''
    const read = (part: Buffer) => {
      head += part.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      socket.off('data', read)
      answer(socket, head)
    }
    socket.on('data', read)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Connections that the gateway has not ended yet. */
    open,
    /** Resolves once the gateway has ended all of them. */
    whenLeft: async () => {
      if (open.size > 0) await new Promise<void>((resolve) => (left = resolve))
    },
    [Symbol.asyncDispose]: async () => {
      server.close()
      for (const socket of open) socket.destroy()
      await once(server, 'close')
    },
  }
}
