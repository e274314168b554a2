import { ServerStartError } from './server-errors.ts'
import type { RunningServer, ServerName } from './running-server.ts'

export interface GivenServerOptions {
  readonly name: ServerName
  readonly url: string
  readonly defaultPort: number
  readonly probe: () => Promise<void>
}

/** A server that another program runs: it only has to answer, and is never stopped here. */
export async function useGivenServer(options: GivenServerOptions): Promise<RunningServer> {
  // NATS is given as several addresses, any of which may answer.
  const { hostname, port } = new URL(options.url.split(',')[0] ?? '')
  try {
    await options.probe()
  } catch (cause) {
    const reason = `the given server at ${hostname}:${port || options.defaultPort} does not answer: ${String(cause)}`
    throw new ServerStartError(options.name, reason, '', { cause })
  }
  return {
    name: options.name,
    url: options.url,
    port: Number(port) || options.defaultPort,
    pid: undefined,
    source: 'given',
    notes: [],
    exited: new Promise(() => {}),
    stop: async () => {},
    [Symbol.asyncDispose]: async () => {},
  }
}
