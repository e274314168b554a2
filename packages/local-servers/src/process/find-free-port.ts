import { once } from 'node:events'
import { createServer } from 'node:net'
import { PortInUseError } from '../server-errors.ts'

/** A TCP port on 127.0.0.1 that nobody listens on at this moment. */
export async function findFreePort(): Promise<number> {
  return listenOnce(0)
}

/** Rejects with PortInUseError when something listens on the port. */
export async function checkPortFree(port: number): Promise<void> {
  await listenOnce(port)
}

async function listenOnce(port: number): Promise<number> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new PortInUseError(port)
    throw error
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}
