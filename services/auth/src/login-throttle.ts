import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { RateLimiterRes } from 'rate-limiter-flexible'
import { AccessRefused } from './access-refused.ts'
import type { LoginCounters } from './login-counters.ts'
import { TooManyLogins } from './too-many-logins.ts'

interface Attempt {
  /** The name as it was typed, whether there is such an account or not. */
  readonly account: string
  readonly address: string
}

interface Dependencies {
  readonly counters: LoginCounters
}

/** How long an account may be used from an address as if it were at home there, in seconds. */
const homeSeconds = 14 * 86_400

/**
 * Runs a login unless too many have failed before it; throws TooManyLogins then. Wrong passwords count against the
 * account wherever they come from, and against the address whichever account they are for; once the account is at its
 * limit they do not count against the address any more, so that a neighbour can still log in. An account is at home at
 * an address where it has logged in before: there only its own failures at that address count, so that nobody can lock
 * it out from elsewhere. An attempt is counted before its password is compared, and taken back when that was right or
 * never came to it: parallel guesses gain nothing.
 */
export async function throttleLogin<T>(
  attempt: Attempt,
  logIn: () => Promise<T>,
  deps: Dependencies,
): Promise<T> {
  const counted = await countAttempt(attempt, deps)
  try {
    const result = await logIn()
    await counted.forgive()
    return result
  } catch (error) {
    if (!(error instanceof AccessRefused)) await counted.takeBack()
    throw error
  }
}

interface CountedAttempt {
  /** The password was right. */
  forgive(): Promise<void>
  /** The password was not compared. */
  takeBack(): Promise<void>
}

async function countAttempt(attempt: Attempt, { counters }: Dependencies): Promise<CountedAttempt> {
  const account = hash(attempt.account)
  const address = networkOf(attempt.address)
  const home = hash(`${account} ${address}`)
  if ((await counters.homes.get(home)) !== null) return countAtHome(home, counters)
  await consume('account', account, counters)
  try {
    await consume('address', address, counters)
  } catch (error) {
    await counters.account.reward(account)
    throw error
  }
  return {
    forgive: async () => {
      await counters.homes.set(home, 1, homeSeconds)
      await counters.account.delete(account)
      await counters.address.reward(address)
    },
    takeBack: async () => {
      await counters.account.reward(account)
      await counters.address.reward(address)
    },
  }
}

async function countAtHome(home: string, counters: LoginCounters): Promise<CountedAttempt> {
  await consume('account', home, counters)
  return {
    forgive: async () => void (await counters.account.delete(home)),
    takeBack: async () => void (await counters.account.reward(home)),
  }
}

async function consume(scope: 'account' | 'address', key: string, counters: LoginCounters): Promise<void> {
  try {
    await counters[scope].consume(key)
  } catch (error) {
    // The library rejects with its result, not with an error, when the points are used up.
    if (error instanceof RateLimiterRes) throw new TooManyLogins(scope, error.msBeforeNext)
    throw error
  }
}

/** Names stay out of Redis. */
const hash = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** An IPv6 customer has at least a /64 to choose addresses from, so that is what counts. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [left = '', right] = address.toLowerCase().split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const gap = right === undefined ? 0 : 8 - head.length - tail.length
  const groups = [...head, ...Array.from({ length: Math.max(gap, 0) }, () => '0'), ...tail]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
