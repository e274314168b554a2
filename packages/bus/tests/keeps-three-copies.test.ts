import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { streamNames } from '@omni2/contracts'
import { findFreePort, findServer } from '@omni2/local-servers'
import { openLogger } from '@omni2/service-kit'
import { expect, test } from 'vitest'
import { migrateStreams, openBus } from '../src/index.ts'

test('a cluster of three - streams are made with three copies, and a single copy is raised to three', async () => {
  await using cluster = await openCluster()
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  await using bus = await openBus({
    url: cluster.urls,
    user: 'migrate',
    name: 'test',
    connectDeadlineMs: 20_000,
    log,
  })
  const manager = await bus.openManager()
  // The servers choose a leader first.
  await expect.poll(() => manager.getAccountInfo().catch(() => undefined)).toBeDefined()
  await expect
    .poll(() => migrateStreams(manager, { replicas: 3 }).catch((error: Error) => [error.message]))
    .toContain('made flow-recorder')
  const readCopies = async () => {
    const infos = await Promise.all(streamNames.map((name) => manager.streams.info(name)))
    return infos.map(({ config, cluster: { replicas = [] } = {} }) => [
      config.num_replicas,
      replicas.filter(({ current }) => current).length >= 2,
    ])
  }
  expect(await readCopies()).toEqual(streamNames.map(() => [3, true]))
  expect(await migrateStreams(manager, { replicas: 3 })).toEqual([])

  await Promise.all(streamNames.map((name) => manager.streams.delete(name)))
  await migrateStreams(manager, { replicas: 1 })
  expect(await migrateStreams(manager, { replicas: 3 })).toEqual(
    streamNames.map((name) => `changed ${name}: num_replicas is 1, not 3`),
  )
  expect(await readCopies()).toEqual(streamNames.map(() => [3, true]))
})

/** Three servers that know each other, with one account for all. */
async function openCluster() {
  await using opening = new AsyncDisposableStack()
  const found = await findServer('nats-server', { log: () => {} })
  if (found.source === 'container')
    throw new Error('this test needs nats-server on the PATH: apt-get install nats-server')
  const folder = await mkdtemp(join(tmpdir(), 'omni2-cluster-'))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  const names = ['one', 'two', 'three']
  const ports = await Promise.all(names.map(() => findFreePort()))
  const routePorts = await Promise.all(names.map(() => findFreePort()))
  const routes = routePorts.map((port) => `"nats://127.0.0.1:${port}"`).join(', ')
  for (const [index, name] of names.entries()) {
    await mkdir(join(folder, name))
    const config = join(folder, `${name}.conf`)
    await writeFile(
      config,
      `server_name: ${name}
      listen: "127.0.0.1:${ports[index]}"
      jetstream { store_dir: "${join(folder, name)}" }
      cluster { name: test, listen: "127.0.0.1:${routePorts[index]}", routes: [${routes}] }`,
    )
    const server = spawn(found.command, ['-c', config], { stdio: 'ignore' })
    opening.defer(async () => {
      server.kill('SIGKILL')
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
    })
  }
  const open = opening.move()
  return {
    urls: ports.map((port) => `nats://127.0.0.1:${port}`).join(','),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
