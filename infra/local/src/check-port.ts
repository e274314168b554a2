import { once } from 'node:events'
import { createServer } from 'node:net'
import { OperatorError } from '@omni2/cli/operator-error'

/** Throws an error of one line when the gateway cannot have its port. */
export async function checkPort(port: number): Promise<void> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new OperatorError(describe(port, cause), { cause })
  }
  server.close()
  await once(server, 'close')
}

function describe(port: number, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const reason = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${String(code)})`
  return `port ${port} on 127.0.0.1 ${reason}; choose another one with --port`
}
