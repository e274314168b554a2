import { Redis } from 'ioredis'
import { leaseDatabase } from './lease-redis-database.ts'
import { currentRun } from './test-run.ts'

export interface TestRedis extends AsyncDisposable {
  /** Names a logical database that no other test of this run uses, empty at first. */
  readonly url: string
}

/** Hands out one of Redis's logical databases 1-15; 0 keeps the leases. Rejects when none comes free in 30 s. */
export async function openTestRedis(): Promise<TestRedis> {
  const { redisUrl } = currentRun()
  const lease = await leaseDatabase(redisUrl)
  const url = new URL(redisUrl)
  url.pathname = `/${lease.database}`
  await flush(url.href)
  return { url: url.href, [Symbol.asyncDispose]: () => lease.release() }
}

async function flush(url: string) {
  const redis = new Redis(url, { maxRetriesPerRequest: 2 })
  redis.on('error', () => {})
  try {
    await redis.flushdb()
  } finally {
    redis.disconnect()
  }
}
