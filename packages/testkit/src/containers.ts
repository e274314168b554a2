import { randomBytes } from 'node:crypto'
import { fetchImage, images, type Log } from '@omni2/local-servers'

export interface TestServer extends AsyncDisposable {
  readonly url: string
}

/** Why containers cannot be used although a Docker engine answers; undefined when they can. */
export async function canRunContainers({ log }: { log: Log }): Promise<string | undefined> {
  for (const image of Object.values(images)) {
    const refusal = await fetchImage(image, { log })
    if (refusal !== undefined) return refusal
  }
  return startReaper()
}

/** The container that removes a killed run's containers; Testcontainers starts nothing without it. */
async function startReaper(): Promise<string | undefined> {
  const { getContainerRuntimeClient, getReaper } = await import('testcontainers')
  return getReaper(await getContainerRuntimeClient()).then(
    () => undefined,
    (error: unknown) => `Testcontainers' reaper does not start: ${String(error)}`,
  )
}

export async function openPostgresContainer(): Promise<TestServer> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const password = randomBytes(12).toString('hex')
  const settings = ['fsync=off', 'max_connections=200', 'shared_preload_libraries=pg_stat_statements']
  const container = await new GenericContainer(images.postgres)
    .withEnvironment({ POSTGRES_USER: 'omni2_admin', POSTGRES_PASSWORD: password })
    .withCommand(settings.flatMap((setting) => ['-c', setting]))
    .withExposedPorts(5432)
    // Once by the server that prepares the data, once by the one that stays.
    .withWaitStrategy(Wait.forLogMessage('database system is ready to accept connections', 2))
    .start()
  const address = `${container.getHost()}:${container.getMappedPort(5432)}`
  const dispose = () => container[Symbol.asyncDispose]()
  return { url: `postgres://omni2_admin:${password}@${address}/postgres`, [Symbol.asyncDispose]: dispose }
}

export async function openRedisContainer(): Promise<TestServer> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const container = await new GenericContainer(images['redis-server'])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
    .start()
  const url = `redis://${container.getHost()}:${container.getMappedPort(6379)}`
  return { url, [Symbol.asyncDispose]: () => container[Symbol.asyncDispose]() }
}
