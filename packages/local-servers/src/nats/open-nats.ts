import { useGivenServer } from '../given-server.ts'
import { type FoundServer, findServer } from '../resolve-server/find-server.ts'
import { checkPortFree } from '../process/find-free-port.ts'
import { withPort } from '../process/with-port.ts'
import { runServer } from '../run-server.ts'
import type { RunningServer } from '../running-server.ts'
import { prepareNats, type OpenNatsOptions } from './prepare-nats.ts'
import { probeNats } from './probe-nats.ts'

export interface RunningNats extends RunningServer {
  readonly monitorUrl: string | undefined
}

const readyDeadlineMs = 30_000
const stopDeadlineMs = 10_000

/**
 * Starts nats-server with JetStream on 127.0.0.1, its store under the data folder; the URL has no credentials.
 * Throws ServerMissingError, PortInUseError, DataFolderInUseError, ServerStartError.
 */
export async function openNats(options: OpenNatsOptions): Promise<RunningNats> {
  if (options.url !== undefined) return { ...(await openGivenNats(options.url)), monitorUrl: undefined }
  const found = await findServer('nats-server', options)
  return withPort(options.port, (port) => startNats(found, { ...options, port }))
}

async function startNats(
  found: FoundServer,
  options: OpenNatsOptions & { port: number },
): Promise<RunningNats> {
  const { port, signal } = options
  const prepared = await prepareNats(found, { ...options, stopDeadlineMs })
  await checkPortFree(port)
  const server = await runServer({
    ...prepared,
    name: 'nats-server',
    source: found.source,
    notes: found.notes,
    url: `nats://127.0.0.1:${port}`,
    port,
    probe: () => probeNats('127.0.0.1', port, { jetStream: true }),
    readyDeadlineMs,
    stopSignal: 'SIGTERM',
    stopDeadlineMs,
    signal,
  })
  return { ...server, monitorUrl: prepared.monitorUrl }
}

async function openGivenNats(url: string): Promise<RunningServer> {
  const defaultPort = 4222
  const probe = async () => {
    const addresses = url.split(',').map((address) => new URL(address.trim()))
    await Promise.any(
      addresses.map(({ hostname, port }) =>
        probeNats(hostname, Number(port) || defaultPort, { jetStream: false }),
      ),
    )
  }
  return useGivenServer({ name: 'nats-server', url, defaultPort, probe })
}
