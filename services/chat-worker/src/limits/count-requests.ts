import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterAbstract } from 'rate-limiter-flexible'
import type { Logger } from '@omni2/service-kit'

export interface RequestRate {
  /** Requests of this minute before this one. */
  used: number
  resetAt: Date
}

export interface RequestCounter extends AsyncDisposable {
  /** Counts one request of a user in the current minute. */
  count(userId: number): Promise<RequestRate>
}

/** The library refuses above its points; here the limit is a row's, so it only counts. */
const unlimited = { points: Number.MAX_SAFE_INTEGER, duration: 60, keyPrefix: 'chat:requests' }

/** Counts in Redis for all workers together; without Redis, or while it is away, in this process. */
export function openRequestCounter(redisUrl: string | undefined, log: Logger): RequestCounter {
  if (redisUrl === undefined) return makeCounter(new RateLimiterMemory(unlimited), async () => {})
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 500,
  })
  let away = false
  redis.on('error', (error) => {
    if (!away) log.warn({ err: error }, 'redis away: rates are counted in this process')
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info('redis back: rates are counted together')
    away = false
  })
  const insuranceLimiter = new RateLimiterMemory(unlimited)
  const limiter = new RateLimiterRedis({ ...unlimited, storeClient: redis, insuranceLimiter })
  return makeCounter(limiter, async () => redis.disconnect())
}

function makeCounter(limiter: RateLimiterAbstract, close: () => Promise<void>): RequestCounter {
  return {
    async count(userId) {
      const { consumedPoints, msBeforeNext } = await limiter.consume(userId)
      return { used: consumedPoints - 1, resetAt: new Date(Date.now() + msBeforeNext) }
    },
    [Symbol.asyncDispose]: close,
  }
}
