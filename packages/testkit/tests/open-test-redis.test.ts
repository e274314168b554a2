import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { openTestRedis } from '../src/index.ts'

async function use<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

test('redis of two tests - do not see each other, and the next holder finds it empty', async () => {
  const one = await openTestRedis()
  await using other = await openTestRedis()
  expect(one.url).not.toBe(other.url)
  await use(one.url, (redis) => redis.set('key', 'mine'))
  expect(await use(other.url, (redis) => redis.get('key'))).toBeNull()
  await one[Symbol.asyncDispose]()

  await using next = await openTestRedis()
  expect(await use(next.url, (redis) => redis.dbsize())).toBe(0)
})

test('many at once - get different databases', async () => {
  await using opened = new AsyncDisposableStack()
  const leases = await Promise.all(Array.from({ length: 5 }, () => openTestRedis()))
  for (const lease of leases) opened.use(lease)
  expect(new Set(leases.map((lease) => lease.url)).size).toBe(5)
})
