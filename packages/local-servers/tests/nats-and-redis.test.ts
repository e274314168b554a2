import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findFreePort, openNats, openRedis, ServerStartError } from '../src/index.ts'
import { makeTestFolder } from './make-test-folder.ts'

const log = () => {}

test('nats-server - runs JetStream in the data folder and serves its monitoring page', async () => {
  await using folder = await makeTestFolder()
  const dataDir = join(folder.path, 'with a space')
  const monitorPort = await findFreePort()
  await using server = await openNats({ dataDir, config: 'max_payload: 4096\n', monitorPort, log })
  const state: unknown = await (await fetch(`${server.monitorUrl}/jsz`)).json()
  expect(state).toMatchObject({ config: { store_dir: expect.stringContaining(dataDir) } })
  expect(await (await fetch(`${server.monitorUrl}/varz`)).json()).toMatchObject({
    max_payload: 4096,
    host: '127.0.0.1',
  })
  expect((await stat(join(dataDir, 'nats-server.conf'))).mode & 0o777).toBe(0o600)
})

test('nats-server - a bad config is an error that ends with what the server said', async () => {
  await using folder = await makeTestFolder()
  const opening = openNats({ dataDir: folder.path, config: 'authorization { users = 1 }', log })
  await expect(opening).rejects.toThrow(ServerStartError)
  await expect(openNats({ dataDir: folder.path, config: 'no {', log })).rejects.toThrow(/nats-server\.conf/)
})

test('redis-server - asks for its password and keeps nothing on disk', async () => {
  await using folder = await makeTestFolder()
  const dataDir = join(folder.path, 'redis')
  const server = await openRedis({ dataDir, log })
  const open = new URL(server.url)
  open.password = ''
  await expect(openRedis({ dataDir, url: open.href, log })).rejects.toThrow('NOAUTH')
  await using given = await openRedis({ dataDir, url: server.url, log })
  expect(given).toMatchObject({ source: 'given', port: server.port, pid: undefined })
  await server.stop()
  expect((await readdir(dataDir)).toSorted()).toEqual([
    'redis-server.conf',
    'redis-server.log',
    'redis-server.password',
  ])
})
