import { PortInUseError } from '../server-errors.ts'
import { checkPortFree, findFreePort } from './find-free-port.ts'

const tries = 3

/**
 * Starts on the given port, or on a free one. Another program may take a free port before the server does: a start
 * that fails on a port that is taken by then is tried again on another.
 */
export async function withPort<T>(port: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  if (port !== undefined) return start(port)
  for (let attempt = 1; ; attempt++) {
    const free = await findFreePort()
    try {
      return await start(free)
    } catch (error) {
      if (attempt === tries || !(await isTaken(free))) throw error
    }
  }
}

function isTaken(port: number): Promise<boolean> {
  return checkPortFree(port).then(
    () => false,
    (error: unknown) => error instanceof PortInUseError,
  )
}
