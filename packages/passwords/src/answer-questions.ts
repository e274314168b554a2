import { randomBytes } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { compareSync, hashSync } from 'bcryptjs'
import { costOf, listMissingCosts } from './comparison-costs.ts'

/** To compare with a hash, in the time of a hash of `cost`; or, without one that can match, to take that time. */
export interface Comparison {
  readonly password: string
  readonly hash: string | null
  readonly cost: number
  /** A hash that cost less is made again at this cost, where the password matches. */
  readonly renewalCost: number
}

export interface ComparisonResult {
  readonly matches: boolean
  /** A hash of the same password at `renewalCost`. */
  readonly renewedHash?: string | undefined
}

/** To make a hash. */
export interface Hashing {
  readonly password: string
  readonly newCost: number
}

export interface Question {
  readonly id: number
  readonly work: Comparison | Hashing
}

export interface Answer {
  readonly id: number
  readonly result: ComparisonResult | string
}

parentPort?.on('message', ({ id, work }: Question) => {
  const result = 'newCost' in work ? hashSync(work.password, work.newCost) : compare(work)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage({ id, result } satisfies Answer)
})

/** How long it takes says nothing about whether there is a hash, nor what it cost to make. */
function compare({ password, hash, cost, renewalCost }: Comparison): ComparisonResult {
  if (hash === null) {
    compareSync(password, makeDummyHash(cost))
    return { matches: false }
  }
  const matches = compareSync(password, hash)
  const hashCost = costOf(hash)
  for (const missing of listMissingCosts(hashCost, cost)) compareSync(password, makeDummyHash(missing))
  const renewedHash = matches && hashCost < renewalCost ? hashSync(password, renewalCost) : undefined
  return { matches, renewedHash }
}

/** A well-formed hash of no known password. */
function makeDummyHash(cost: number): string {
  const characters = randomBytes(27).toString('hex').slice(0, 53)
  return `$2b$${String(cost).padStart(2, '0')}$${characters}`
}
