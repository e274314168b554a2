import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

export interface DatabaseProxy extends AsyncDisposable {
  /** The database through the proxy. */
  readonly url: string
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>
  /** Lets connections through again, on the same port. */
  mend(): Promise<void>
  /** Keeps back what callers send, until `release`. */
  hold(): void
  release(): void
}

/** A way to the database that can be taken away; it is open at first. */
export async function openProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const ways = new Map<Socket, Socket>()
  let held = false
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    keep(client)
    keep(upstream)
    upstream.pipe(client)
    ways.set(client, upstream)
    if (!held) client.pipe(upstream)
    client.on('close', () => ways.delete(client) && upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  const listen = (port: number) => once(server.listen(port, '127.0.0.1'), 'listening')
  await listen(0)
  const { port } = server.address() as AddressInfo
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${port}`
  const cut = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return {
    url: url.href,
    cut,
    mend: async () => void (await listen(port)),
    hold: () => {
      held = true
      for (const [client, upstream] of ways) client.unpipe(upstream)
    },
    release: () => {
      held = false
      for (const [client, upstream] of ways) client.pipe(upstream)
    },
    [Symbol.asyncDispose]: cut,
  }
}
