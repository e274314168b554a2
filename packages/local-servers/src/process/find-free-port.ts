import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { PortInUseError } from '../server-errors.ts'

/** Below the ports that Linux and macOS give to outgoing connections: those come and go too fast to be called free. */
const [lowest, highest] = [15_000, 32_000]
const tries = 50

/** A TCP port on 127.0.0.1 that nobody listens on at this moment. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = randomInt(lowest, highest)
    try {
      await checkPortFree(port)
      return port
    } catch (error) {
      if (!(error instanceof PortInUseError) || attempt === tries) throw error
    }
  }
}

/** Rejects with PortInUseError when something listens on the port. */
export async function checkPortFree(port: number): Promise<void> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new PortInUseError(port)
    throw error
  }
  server.close()
  await once(server, 'close')
}
