import type { Log } from '../running-server.ts'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { containerCommand, containerName } from '../resolve-server/container-command.ts'
import { removeContainer } from '../resolve-server/docker-engine.ts'
import type { FoundServer } from '../resolve-server/find-server.ts'
import { makeFolder } from '../process/make-folder.ts'
import { stopLeftover } from '../process/process-record.ts'

export interface OpenNatsOptions {
  /** An address to use instead of starting a server; several are separated by commas. */
  readonly url?: string | undefined
  /** Holds the JetStream store, the config and the log. */
  readonly dataDir: string
  /** A nats-server configuration without listen, port and store_dir: accounts, users, permissions, limits. */
  readonly config: string
  readonly port?: number | undefined
  /** Serves nats-server's monitoring pages on 127.0.0.1; absent = none. */
  readonly monitorPort?: number | undefined
  readonly log: Log
  readonly signal?: AbortSignal | undefined
}

interface PrepareOptions extends OpenNatsOptions {
  readonly port: number
  readonly stopDeadlineMs: number
}

/** Lays out the data folder, ends what an earlier start left, and composes the command for the found server. */
export async function prepareNats(found: FoundServer, options: PrepareOptions) {
  const { dataDir, config, monitorPort, stopDeadlineMs, log } = options
  const recordFile = join(dataDir, 'nats-server.process.json')
  const configFile = join(dataDir, 'nats-server.conf')
  await makeFolder(join(dataDir, 'jetstream'))
  const leftover = await stopLeftover(recordFile, { signal: 'SIGTERM', deadlineMs: stopDeadlineMs })
  if (leftover) log(`stopped the ${leftover} that an earlier start left`)
  // The users' passwords stand in it.
  await writeFile(configFile, config, { mode: 0o600 })
  const launch =
    found.source === 'container' ? await inContainer(found.image, options) : onPath(found.command, options)
  return {
    ...launch,
    recordFile,
    logFile: join(dataDir, 'nats-server.log'),
    monitorUrl: monitorPort === undefined ? undefined : `http://127.0.0.1:${monitorPort}`,
  }
}

function onPath(command: string, { dataDir, port, monitorPort }: PrepareOptions) {
  const monitor = monitorPort === undefined ? [] : ['-m', String(monitorPort)]
  const store = ['-js', '-sd', join(dataDir, 'jetstream')]
  const listen = ['-a', '127.0.0.1', '-p', String(port)]
  return { command, args: [...listen, ...monitor, ...store, '-c', join(dataDir, 'nats-server.conf')] }
}

async function inContainer(image: string, { dataDir, port, monitorPort }: PrepareOptions) {
  const name = containerName('nats', dataDir)
  await removeContainer(name)
  const monitor = monitorPort === undefined ? [] : ['-m', '8222']
  const command = containerCommand({
    image,
    name,
    ports: { 4222: port, ...(monitorPort === undefined ? {} : { 8222: monitorPort }) },
    mounts: { '/data': join(dataDir, 'jetstream'), '/config.conf': join(dataDir, 'nats-server.conf') },
    entrypoint: 'nats-server',
    args: ['-a', '0.0.0.0', '-p', '4222', ...monitor, '-js', '-sd', '/data', '-c', '/config.conf'],
  })
  return { ...command, cleanUp: () => removeContainer(name) }
}
