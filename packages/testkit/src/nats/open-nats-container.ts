import { setTimeout as delay } from 'node:timers/promises'
import { findFreePort, images, probeNats } from '@omni2/local-servers'
import type { NatsControls } from './open-nats-process.ts'

const readyDeadlineMs = 30_000

/** Starts nats-server in a container on a fixed port of the host; the store lives as long as the container. */
export async function openNatsContainer(config: string): Promise<NatsControls> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers')
  const host = await findFreePort()
  const started = await new GenericContainer(images['nats-server'])
    .withEntrypoint(['nats-server'])
    .withCommand(['-js', '-sd', '/data', '-c', '/test.conf'])
    .withCopyContentToContainer([{ content: config, target: '/test.conf' }])
    .withExposedPorts({ container: 4222, host })
    .withWaitStrategy(Wait.forLogMessage('Server is ready'))
    .start()
  const container = (await getContainerRuntimeClient()).container.getById(started.getId())
  return {
    url: `nats://${started.getHost()}:${host}`,
    pid: undefined,
    stop: () => container.stop(),
    kill: () => container.kill(),
    restart: async () => {
      await container.restart()
      await awaitAnswer(started.getHost(), host)
    },
    freeze: () => container.pause(),
    thaw: () => container.unpause(),
    [Symbol.asyncDispose]: () => container.remove({ force: true, v: true }),
  }
}

async function awaitAnswer(host: string, port: number) {
  const giveUpAt = performance.now() + readyDeadlineMs
  for (;;) {
    const failure = await probeNats(host, port, { jetStream: true }).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (failure === undefined) return
    if (performance.now() > giveUpAt) throw failure
    await delay(100)
  }
}
