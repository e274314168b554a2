import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRedis } from '@omni2/local-servers'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { openRates } from '../src/index.ts'

/** A Redis of the test's own, to be demoted. */
async function openOwnRedis() {
  await using resources = new AsyncDisposableStack()
  const dataDir = await mkdtemp(join(tmpdir(), 'omni2-rates-'))
  resources.defer(() => rm(dataDir, { recursive: true }))
  const { url } = resources.use(await openRedis({ dataDir, log: () => {} }))
  const operator = new Redis(url)
  resources.defer(() => operator.disconnect())
  const owned = resources.move()
  return { url, operator, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

test('a Redis that answers and does not count - counts as away with its reason, and comes back by itself', async () => {
  await using redis = await openOwnRedis()
  const { url, operator } = redis
  const logged: unknown[] = []
  const log = {
    info: (message: string) => void logged.push(message),
    warn: ({ err }: { err?: Error }, message: string) =>
      void logged.push([message, err?.message.split(' ')[0]]),
  }
  await using rates = await openRates({ redisUrl: url, log: log as never })
  const counter = rates.openCounter({ name: 'demoted', windowSeconds: 600 })
  await counter.add('key')
  const changes = [
    { reason: 'READONLY', demote: ['replicaof', '127.0.0.1', '1'], promote: ['replicaof', 'no', 'one'] },
    {
      reason: 'OOM',
      demote: ['config', 'set', 'maxmemory', '1'],
      promote: ['config', 'set', 'maxmemory', '0'],
    },
    {
      reason: 'NOREPLICAS',
      demote: ['config', 'set', 'min-replicas-to-write', '1'],
      promote: ['config', 'set', 'min-replicas-to-write', '0'],
    },
  ] as const
  for (const { reason, demote, promote } of changes) {
    await operator.call(demote[0], ...demote.slice(1))
    logged.length = 0
    await counter.add('key')
    expect([rates.state, logged]).toEqual([
      'alone',
      [['redis away: rates are counted in this process', reason]],
    ])
    await operator.call(promote[0], ...promote.slice(1))
    await expect.poll(() => rates.state).toBe('together')
    expect(logged).toHaveLength(2)
  }
  expect((await counter.find('key'))?.used).toBe(1)
})

test('a replica from the start - opened without, used once it is promoted', async () => {
  await using redis = await openOwnRedis()
  await redis.operator.call('replicaof', '127.0.0.1', '1')
  const log = { info: () => {}, warn: () => {} } as never
  await using rates = await openRates({ redisUrl: redis.url, log })
  expect(rates.state).toBe('alone')
  await redis.operator.call('replicaof', 'no', 'one')
  await expect.poll(() => rates.state).toBe('together')
})
