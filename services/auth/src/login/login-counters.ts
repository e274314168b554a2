import type { Counter, Rates } from '@omni2/rates'

export interface LoginLimits {
  /** Failed logins in a window that an account, and an address, may have. */
  readonly failuresPerAccount: number
  readonly failuresPerAddress: number
  readonly windowSeconds: number
}

/** A counter with its limit. */
export interface LimitedCounter {
  readonly counter: Counter
  readonly limit: number
}

/** Counters of failed logins, and the addresses where accounts are at home. */
export interface LoginCounters {
  readonly account: LimitedCounter
  readonly address: LimitedCounter
  /** An account where it is at home, beside the one of its name. */
  readonly atHome: LimitedCounter
  readonly homes: Counter
}

/** Opens what a login is counted by. */
export function openLoginCounters(
  { failuresPerAccount, failuresPerAddress, windowSeconds }: LoginLimits,
  rates: Pick<Rates, 'openCounter'>,
): LoginCounters {
  const open = (name: string) => rates.openCounter({ name: `auth:login:${name}`, windowSeconds })
  return {
    account: { counter: open('account'), limit: failuresPerAccount },
    address: { counter: open('address'), limit: failuresPerAddress },
    atHome: { counter: open('at-home'), limit: failuresPerAccount },
    homes: open('home'),
  }
}
