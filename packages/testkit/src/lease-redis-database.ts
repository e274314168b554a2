import { setTimeout as delay } from 'node:timers/promises'
import { isSameProcess, readProcessStartTime } from '@omni2/local-servers'
import { Redis } from 'ioredis'

export interface Lease {
  readonly database: number
  release(): Promise<void>
}

const databases = Array.from({ length: 15 }, (_, index) => index + 1)
const waitMs = 30_000
const keyOf = (database: number) => `omni2-test:database:${database}`

/** Takes over only from the holder it has looked at. */
const takeOver = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[1], ARGV[2]) return 1 end return 0`

/** Leases a logical database to this process; the lease of a process that died is taken over. */
export async function leaseDatabase(redisUrl: string): Promise<Lease> {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 2 })
  redis.on('error', () => {})
  try {
    const database = await waitForDatabase(redis, await describeHolder())
    return { database, release: () => release(redisUrl, database) }
  } finally {
    redis.disconnect()
  }
}

async function waitForDatabase(redis: Redis, holder: string): Promise<number> {
  const giveUpAt = performance.now() + waitMs
  for (;;) {
    for (const database of databases) if (await tryLease(redis, database, holder)) return database
    if (performance.now() > giveUpAt) throw new Error('all 15 logical databases of the test Redis are in use')
    await delay(100)
  }
}

async function tryLease(redis: Redis, database: number, holder: string): Promise<boolean> {
  const key = keyOf(database)
  if ((await redis.set(key, holder, 'NX')) === 'OK') return true
  const current = await redis.get(key)
  if (current === null || (await isHeld(current))) return false
  return (await redis.eval(takeOver, 1, key, current, holder)) === 1
}

async function release(redisUrl: string, database: number) {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 2 })
  redis.on('error', () => {})
  try {
    await redis.del(keyOf(database))
  } finally {
    redis.disconnect()
  }
}

async function describeHolder(): Promise<string> {
  return `${process.pid} ${await readProcessStartTime(process.pid)}`
}

async function isHeld(holder: string): Promise<boolean> {
  const space = holder.indexOf(' ')
  return isSameProcess({ pid: Number(holder.slice(0, space)), startTime: holder.slice(space + 1) })
}
