import type { Logger } from '@omni2/service-kit'
import { Redis, type RedisOptions } from 'ioredis'
import { parseRedisAddress } from './parse-redis-address.ts'
import { Rates } from './rates.ts'
import { refusesToCount } from './refuses-to-count.ts'

interface OpenOptions {
  /** URL of the Redis in which all processes count together; without it this process counts alone. */
  redisUrl: string | undefined
  log: Pick<Logger, 'info' | 'warn'>
}

/** Longest wait for the first answer of Redis, in milliseconds; a later one is used from then on. */
const firstAnswerMs = 2000
/** Longest wait for one command, in milliseconds; then the request is counted in this process. */
const commandTimeout = 500
/**
 * Silence of a connection that owes an answer after which it is given up, in milliseconds. The next one is not used before
 * Redis has answered on it, so a Redis that hangs delays the requests of this one second and none after it.
 */
const socketTimeout = 1000

/** Opens counters in Redis, connected if Redis is there; without it, and while it is away, this process counts alone. */
export async function openRates({ redisUrl, log }: OpenOptions): Promise<Rates> {
  if (redisUrl === undefined) return new Rates(undefined, log)
  const redis = openRedis(redisUrl, {
    commandTimeout,
    sentinelCommandTimeout: commandTimeout,
    socketTimeout,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    // A command that timed out was counted here; sent again it would count twice.
    autoResendUnfulfilledCommands: false,
    retryStrategy: (tries) => Math.min(tries * 100, 2000),
    sentinelRetryStrategy: (tries) => Math.min(tries * 100, 2000),
    failoverDetector: true,
    reconnectOnError: (error) => {
      const refuses = refusesToCount(error)
      if (refuses) rates.leave(error)
      return refuses
    },
  })
  const rates = new Rates(redis, log)
  await rates.firstAnswer(firstAnswerMs)
  return rates
}

function openRedis(redisUrl: string, options: RedisOptions): Redis {
  const address = parseRedisAddress(redisUrl)
  if (address === undefined) throw new TypeError('REDIS_URL is no address of a Redis')
  const common = { ...options, replyMapping: 'legacy' } as const
  if ('url' in address) return new Redis(address.url, common)
  return new Redis({ ...common, ...address.sentinels, replyMapping: 'legacy' })
}
