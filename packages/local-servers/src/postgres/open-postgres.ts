import { resolve } from 'node:path'
import { useGivenServer } from '../given-server.ts'
import { checkPortFree } from '../process/find-free-port.ts'
import { withPort } from '../process/with-port.ts'
import { runServer } from '../run-server.ts'
import type { RunningServer } from '../running-server.ts'
import { findPostgres, type FoundPostgres } from './find-postgres.ts'
import { superuser } from './init-cluster.ts'
import { prepareDatabase, probePostgres } from './prepare-database.ts'
import { preparePostgres, type OpenPostgresOptions } from './prepare-postgres.ts'

const readyDeadlineMs = 60_000
/** Until Postgres refuses to wait any longer for its own checkpoint at shutdown. */
const stopDeadlineMs = 20_000

/**
 * Starts Postgres on 127.0.0.1 with a superuser of its own and the database `omni2`; a later start finds both again.
 * Throws ServerMissingError, PortInUseError, DataFolderInUseError, ServerStartError.
 */
export async function openPostgres(options: OpenPostgresOptions): Promise<RunningServer> {
  if (options.url !== undefined) return openGivenPostgres(options.url)
  const found = await findPostgres(options)
  const dataDir = resolve(options.dataDir)
  return withPort(options.port, (port) => startPostgres(found, { ...options, dataDir, port }))
}

async function startPostgres(found: FoundPostgres, options: OpenPostgresOptions & { port: number }) {
  const { port, signal } = options
  const prepared = await preparePostgres(found, { ...options, stopDeadlineMs })
  await checkPortFree(port)
  const login = `postgres://${superuser}:${prepared.password}@127.0.0.1:${port}`
  const server = await runServer({
    ...prepared,
    name: 'postgres',
    source: found.source,
    notes: [...found.notes, ...prepared.notes],
    url: `${login}/omni2`,
    port,
    probe: () => probePostgres(`${login}/postgres`),
    readyDeadlineMs,
    // Fast shutdown: sessions are ended, the data is written.
    stopSignal: 'SIGINT',
    stopDeadlineMs,
    signal,
  })
  await prepareOrStop(`${login}/postgres`, server)
  return server
}

async function prepareOrStop(adminUrl: string, server: RunningServer) {
  try {
    await prepareDatabase(adminUrl, 'omni2')
  } catch (error) {
    await server.stop()
    throw error
  }
}

function openGivenPostgres(url: string): Promise<RunningServer> {
  return useGivenServer({ name: 'postgres', url, defaultPort: 5432, probe: () => probePostgres(url) })
}
