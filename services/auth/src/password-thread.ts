import { randomBytes } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { compareSync, hashSync } from 'bcryptjs'
import { costOf, listMissingCosts } from './password-work.ts'

/** To compare with a hash, in the time of a hash of `cost`; or, without one that can match, to take that time. */
export interface PasswordQuestion {
  readonly id: number
  readonly password: string
  readonly hash: string | null
  readonly cost: number
  /** A hash that cost less is made again at this cost, where the password matches. */
  readonly renewalCost: number
}

export interface PasswordAnswer {
  readonly id: number
  readonly matches: boolean
  /** A hash of the same password at `renewalCost`. */
  readonly renewedHash?: string | undefined
}

parentPort?.on('message', (question: PasswordQuestion) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(answer(question))
})

/** How long it takes says nothing about whether there is a hash, nor what it cost to make. */
function answer({ id, password, hash, cost, renewalCost }: PasswordQuestion): PasswordAnswer {
  if (hash === null) {
    compareSync(password, makeDummyHash(cost))
    return { id, matches: false }
  }
  const matches = compareSync(password, hash)
  const hashCost = costOf(hash)
  for (const missing of listMissingCosts(hashCost, cost)) compareSync(password, makeDummyHash(missing))
  const renewedHash = matches && hashCost < renewalCost ? hashSync(password, renewalCost) : undefined
  return { id, matches, renewedHash }
}

/** A well-formed hash of no known password. */
function makeDummyHash(cost: number): string {
  const characters = randomBytes(27).toString('hex').slice(0, 53)
  return `$2b$${String(cost).padStart(2, '0')}$${characters}`
}
