import { networkOf } from '@omni2/net'
import { RetryableError } from '@omni2/service-kit'
import { AccessRefused } from '../access-refused.ts'
import type { LoginCounters } from './login-counters.ts'
import { TooManyLogins } from './too-many-logins.ts'

interface Attempt {
  /** Its one name, whether there is such an account or not. */
  readonly account: string
  readonly address: string
}

export interface ThrottleDeps {
  readonly counters: LoginCounters
}

/** How long an account may be used from an address as if it were at home there, in seconds. */
const homeSeconds = 14 * 86_400

/**
 * Runs a login; throws TooManyLogins if too many have failed before it. A wrong password counts against the account
 * from any address, and against the address for any account. Once the account is at its limit, wrong passwords no
 * longer count against the address, so that others at the same address can still log in. An account is at home at an
 * address where it has logged in before. There only its own failures at that address count, so that an attacker
 * elsewhere cannot lock it out. An attempt counts before its password is compared, and no longer when the password was
 * right or was not compared: parallel guesses gain nothing. An attempt that finds the queue of passwords full is no
 * guess at the account, but it counts against the address: a client that fills the queue reaches its own limit.
 */
export async function throttleLogin<T>(
  attempt: Attempt,
  logIn: () => Promise<T>,
  deps: ThrottleDeps,
): Promise<T> {
  const counted = await countAttempt(attempt, deps)
  try {
    const result = await logIn()
    await counted.forgive()
    return result
  } catch (error) {
    if (isBusy(error)) await counted.takeBackGuess()
    else if (!(error instanceof AccessRefused)) await counted.takeBack()
    throw error
  }
}

const isBusy = (error: unknown): boolean => error instanceof RetryableError && error.code === 'busy'

interface CountedAttempt {
  /** The password was right. */
  forgive(): Promise<void>
  /** The password was not compared. */
  takeBack(): Promise<void>
  /** It was not even taken in: no guess, but a request of its address. */
  takeBackGuess(): Promise<void>
}

async function countAttempt(
  { account, address: from }: Attempt,
  { counters }: ThrottleDeps,
): Promise<CountedAttempt> {
  const address = networkOf(from)
  const home = JSON.stringify([account, address])
  if ((await counters.homes.find(home)) !== undefined) return countAtHome(home, counters)
  await count('account', account, counters)
  try {
    await count('address', address, counters)
  } catch (error) {
    await counters.account.counter.takeBack(account)
    throw error
  }
  return {
    forgive: async () => {
      await counters.homes.set(home, 1, homeSeconds)
      await counters.account.counter.forget(account)
      await counters.address.counter.takeBack(address)
    },
    takeBack: async () => {
      await counters.account.counter.takeBack(account)
      await counters.address.counter.takeBack(address)
    },
    takeBackGuess: () => counters.account.counter.takeBack(account),
  }
}

async function countAtHome(home: string, counters: LoginCounters): Promise<CountedAttempt> {
  const { counter, limit } = counters.atHome
  const { used, resetMs } = await counter.add(home)
  if (used > limit) throw new TooManyLogins('account', resetMs)
  const takeBack = () => counter.takeBack(home)
  return { forgive: () => counter.forget(home), takeBack, takeBackGuess: takeBack }
}

async function count(scope: 'account' | 'address', key: string, counters: LoginCounters): Promise<void> {
  const { counter, limit } = counters[scope]
  const { used, resetMs } = await counter.add(key)
  if (used > limit) throw new TooManyLogins(scope, resetMs)
}
