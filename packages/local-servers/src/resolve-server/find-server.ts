import type { Log } from '../running-server.ts'
import { ServerMissingError } from '../server-errors.ts'
import { fetchImage, hasDockerEngine } from './docker-engine.ts'
import { findBinary } from './find-binary.ts'
import { lastLine } from './last-line.ts'
import { images } from './images.ts'
import { installWithApt, isDebian } from './install-with-apt.ts'

/** A way to run a server on this machine. */
export type FoundServer =
  | { readonly source: 'path' | 'apt'; readonly command: string; readonly notes: readonly string[] }
  | { readonly source: 'container'; readonly image: string; readonly notes: readonly string[] }

interface Choice {
  readonly binaries: readonly string[]
  readonly brewPackage: string
}

const choices: Record<'nats-server' | 'redis-server', Choice> = {
  'nats-server': { binaries: ['nats-server'], brewPackage: 'nats-server' },
  'redis-server': { binaries: ['redis-server', 'valkey-server'], brewPackage: 'redis' },
}

/**
 * Finds nats-server or redis-server: on the PATH, else as a container image when a Docker engine answers,
 * else by installing it where that is allowed (Debian, as root). Throws ServerMissingError.
 */
export async function findServer(
  server: 'nats-server' | 'redis-server',
  { log }: { log: Log },
): Promise<FoundServer> {
  const binary = await findBinary(choices[server].binaries)
  if (binary) return { source: 'path', command: binary.command, notes: [binary.version] }
  const reasons = [`no ${server} on the PATH`]
  const container = await findContainer(images[server], reasons, { log })
  if (container) return container
  const installed = await tryInstall(server, reasons, { log })
  if (installed) return installed
  throw new ServerMissingError(server, await fixFor(server), reasons)
}

/** The image as a way to run a server, or undefined with the reason added. */
export async function findContainer(
  image: string,
  reasons: string[],
  { log }: { log: Log },
): Promise<FoundServer | undefined> {
  const refusal = (await hasDockerEngine()) ? await fetchImage(image, { log }) : 'no Docker engine answers'
  if (refusal === undefined) return { source: 'container', image, notes: [`container of ${image}`] }
  reasons.push(refusal)
  return undefined
}

async function tryInstall(
  server: 'nats-server' | 'redis-server',
  reasons: string[],
  { log }: { log: Log },
): Promise<FoundServer | undefined> {
  if (process.getuid?.() !== 0 || !(await isDebian())) return undefined
  try {
    await installInTurn(server, { log })
  } catch (error) {
    reasons.push(`apt-get failed: ${lastLine(error)}`)
    return undefined
  }
  const binary = await findBinary(choices[server].binaries)
  return (
    binary && { source: 'apt', command: binary.command, notes: [`${binary.version}, installed with apt-get`] }
  )
}

/** Two apt-get at once would fail on each other's locks. */
let lastInstall: Promise<void> = Promise.resolve()

function installInTurn(name: string, options: { log: Log }): Promise<void> {
  const install = lastInstall.then(() => installWithApt(name, options))
  lastInstall = install.catch(() => undefined)
  return install
}

async function fixFor(server: 'nats-server' | 'redis-server'): Promise<string> {
  if (process.platform === 'darwin') return `brew install ${choices[server].brewPackage}`
  if (!(await isDebian())) return `install ${server} so that it is on the PATH, or start a Docker engine`
  return `${process.getuid?.() === 0 ? '' : 'sudo '}apt-get install -y ${server}`
}
