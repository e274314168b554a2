import { askRedis } from '@omni2/local-servers'
import { nameLogin } from './name-login.ts'

/** A key as the services count with; it is gone after a second. */
const trialKey = 'chat:requests:omni2-check'

/** Finds what keeps the services from counting in a Redis, one line each; writes one key that expires after a second. */
export async function findRedisProblems(url: string): Promise<string[]> {
  const { place, database } = nameLogin(url, 6379)
  try {
    const select = database === '' ? [] : [['SELECT', database]]
    await askRedis(url, [...select, ['SET', trialKey, '1', 'PX', '1000']])
    return []
  } catch (error) {
    return [describeFailure(error, place)]
  }
}

const advice: readonly (readonly [pattern: RegExp, problem: string])[] = [
  [
    /NOAUTH|WRONGPASS|invalid password|without any password/,
    'refuses the login; correct user and password in REDIS_URL',
  ],
  [/READONLY/, 'is a replica, which does not count; name the primary in REDIS_URL'],
  [/NOPERM/, 'does not let this user count; allow +@all on the keys chat:* and auth:*'],
  [/DB index/, 'has no such database; correct the number at the end of REDIS_URL'],
  [/OOM|MISCONF|NOREPLICAS|LOADING|MASTERDOWN/, 'does not accept writes now; fix what the error says'],
]

function describeFailure(error: unknown, place: string): string {
  const message =
    error instanceof Error ? error.message || String('code' in error && error.code) : String(error)
  const found = advice.find(([pattern]) => pattern.test(message))
  return found === undefined
    ? `no Redis answers at ${place} (${message}); start it, or correct REDIS_URL`
    : `Redis at ${place} ${found[1]} (${message})`
}
