import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterAbstract } from 'rate-limiter-flexible'
import type { Logger } from '@omni2/service-kit'

export interface LoginLimits {
  /** Failed logins in a window that an account, and an address, may have. */
  readonly failuresPerAccount: number
  readonly failuresPerAddress: number
  readonly windowSeconds: number
}

/** Counters of failed logins, and the addresses where accounts are at home. */
export interface LoginCounters extends AsyncDisposable {
  readonly account: RateLimiterAbstract
  readonly address: RateLimiterAbstract
  readonly homes: RateLimiterAbstract
}

/** Longest wait for Redis, in milliseconds; then this process counts for itself. */
const commandTimeout = 500

/** Counts in Redis for all replicas together; without Redis, or while it is away, in this process. */
export function openLoginCounters(
  limits: LoginLimits,
  { redisUrl, log }: { redisUrl: string | undefined; log: Pick<Logger, 'info' | 'warn'> },
): LoginCounters {
  const redis = redisUrl === undefined ? undefined : openRedis(redisUrl, log)
  const open = (name: string, points: number) =>
    openCounter({ keyPrefix: `auth:login:${name}`, points, duration: limits.windowSeconds }, redis)
  return {
    account: open('account', limits.failuresPerAccount),
    address: open('address', limits.failuresPerAddress),
    homes: open('home', 1),
    [Symbol.asyncDispose]: async () => redis?.disconnect(),
  }
}

function openCounter(
  options: { keyPrefix: string; points: number; duration: number },
  redis: Redis | undefined,
): RateLimiterAbstract {
  const inMemory = new RateLimiterMemory(options)
  if (redis === undefined) return inMemory
  return new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: inMemory })
}

function openRedis(url: string, log: Pick<Logger, 'info' | 'warn'>): Redis {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout })
  let isAway = false
  redis.on('error', (error) => {
    if (!isAway) log.warn({ err: error }, 'redis away: failed logins are counted in this process')
    isAway = true
  })
  redis.on('ready', () => {
    if (isAway) log.info('redis back: failed logins are counted together')
    isAway = false
  })
  return redis
}
