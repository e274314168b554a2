import type { Log } from '../running-server.ts'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { containerCommand, containerName } from '../resolve-server/container-command.ts'
import { removeContainer } from '../resolve-server/docker-engine.ts'
import type { FoundServer } from '../resolve-server/find-server.ts'
import { stopLeftover } from '../process/process-record.ts'

export interface OpenRedisOptions {
  /** An address to use instead of starting a server. */
  readonly url?: string | undefined
  /** Holds the password, the config and the log; Redis itself keeps nothing on disk. */
  readonly dataDir: string
  readonly port?: number | undefined
  readonly log: Log
  readonly signal?: AbortSignal | undefined
}

interface PrepareOptions extends OpenRedisOptions {
  readonly port: number
  readonly password: string
  readonly stopDeadlineMs: number
}

/** Ends what an earlier start left, writes the config and composes the command for the found server. */
export async function prepareRedis(found: FoundServer, options: PrepareOptions) {
  const { dataDir, stopDeadlineMs, log } = options
  const recordFile = join(dataDir, 'redis-server.process.json')
  const leftover = await stopLeftover(recordFile, { signal: 'SIGTERM', deadlineMs: stopDeadlineMs })
  if (leftover) log(`stopped the ${leftover} that an earlier start left`)
  const launch =
    found.source === 'container'
      ? await inContainer(found.image, options)
      : await onPath(found.command, options)
  return { ...launch, recordFile, logFile: join(dataDir, 'redis-server.log') }
}

async function onPath(command: string, { dataDir, port, password }: PrepareOptions) {
  const configFile = join(dataDir, 'redis-server.conf')
  await writeConfig(configFile, { bind: '127.0.0.1', port, password })
  return { command, args: [configFile], cwd: dataDir }
}

async function inContainer(image: string, { dataDir, port, password }: PrepareOptions) {
  const name = containerName('redis', dataDir)
  const configFile = join(dataDir, 'redis-server.conf')
  await removeContainer(name)
  await writeConfig(configFile, { bind: '0.0.0.0', port: 6379, password })
  const command = containerCommand({
    image,
    name,
    ports: { 6379: port },
    mounts: { '/redis.conf': configFile },
    entrypoint: 'redis-server',
    args: ['/redis.conf'],
  })
  return { ...command, cleanUp: () => removeContainer(name) }
}

/** A file and not arguments: the password stays out of `ps`. */
async function writeConfig(
  file: string,
  { bind, port, password }: { bind: string; port: number; password: string },
) {
  const lines = [`bind ${bind}`, `port ${port}`, `requirepass ${password}`, 'save ""', 'appendonly no']
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 })
}
