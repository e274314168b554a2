import { join } from 'node:path'
import { useGivenServer } from '../given-server.ts'
import { type FoundServer, findServer } from '../resolve-server/find-server.ts'
import { checkPortFree } from '../process/find-free-port.ts'
import { makeFolder } from '../process/make-folder.ts'
import { withPort } from '../process/with-port.ts'
import { readOrMakePassword } from '../read-password.ts'
import { runServer } from '../run-server.ts'
import type { RunningServer } from '../running-server.ts'
import { prepareRedis, type OpenRedisOptions } from './prepare-redis.ts'
import { probeRedis } from './probe-redis.ts'

const readyDeadlineMs = 30_000
const stopDeadlineMs = 5000

/**
 * Starts redis-server on 127.0.0.1 without persistence; its password is in the URL.
 * Throws ServerMissingError, PortInUseError, DataFolderInUseError, ServerStartError.
 */
export async function openRedis(options: OpenRedisOptions): Promise<RunningServer> {
  if (options.url !== undefined) return openGivenRedis(options.url)
  const found = await findServer('redis-server', options)
  return withPort(options.port, (port) => startRedis(found, { ...options, port }))
}

async function startRedis(
  found: FoundServer,
  options: OpenRedisOptions & { port: number },
): Promise<RunningServer> {
  const { dataDir, port, signal } = options
  await makeFolder(dataDir)
  const password = await readOrMakePassword(join(dataDir, 'redis-server.password'))
  const prepared = await prepareRedis(found, { ...options, password, stopDeadlineMs })
  await checkPortFree(port)
  const url = `redis://:${password}@127.0.0.1:${port}`
  return runServer({
    ...prepared,
    name: 'redis-server',
    source: found.source,
    notes: found.notes,
    url,
    port,
    probe: () => probeRedis(url),
    readyDeadlineMs,
    stopSignal: 'SIGTERM',
    stopDeadlineMs,
    signal,
  })
}

function openGivenRedis(url: string): Promise<RunningServer> {
  return useGivenServer({ name: 'redis-server', url, defaultPort: 6379, probe: () => probeRedis(url) })
}
