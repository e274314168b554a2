import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, open, rm, stat, utimes } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { PortInUseError } from '../server-errors.ts'

/** Below the ports that Linux and macOS give to outgoing connections: those are taken too often to count as free. */
const [lowest, highest] = [15_000, 32_000]
const tries = 50
/** How long a port is reserved for its taker, in milliseconds: longer than a server takes until it listens. */
const keptMs = 120_000

/** A TCP port on 127.0.0.1 that no program listens on and no process of this machine reserved in the last minutes. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = randomInt(lowest, highest)
    try {
      await keepPort(port)
      await checkPortFree(port)
      return port
    } catch (error) {
      if (!(error instanceof PortInUseError) || attempt === tries) throw error
    }
  }
}

/** Rejects with PortInUseError when the port was reserved lately; every process looks in one folder, whatever its TMPDIR. */
async function keepPort(port: number): Promise<void> {
  const folder = '/tmp/omni2-ports'
  const file = join(folder, String(port))
  try {
    await mkdir(folder, { recursive: true })
    await create(file)
  } catch (error) {
    // The folder belongs to another user: then only the check for a listener is left.
    if (isThere(error)) await takeOver(file, port)
  }
}

/** Takes a port whose owner has had it for long enough; of several that want it at once, one gets it. */
async function takeOver(file: string, port: number): Promise<void> {
  const lock = `${file}.lock`
  await create(lock).catch((error: unknown) => {
    throw isThere(error) ? new PortInUseError(port) : error
  })
  try {
    const { mtimeMs } = await stat(file)
    if (Date.now() - mtimeMs < keptMs) throw new PortInUseError(port)
    await utimes(file, new Date(), new Date())
  } finally {
    await rm(lock, { force: true })
  }
}

const create = async (file: string): Promise<void> => (await open(file, 'wx')).close()

const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST'

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
