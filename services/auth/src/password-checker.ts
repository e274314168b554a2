import { randomBytes } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { networkOf } from '@omni2/rates'
import { RetryableError } from '@omni2/service-kit'
import type { PasswordAnswer, PasswordQuestion } from './password-thread.ts'

/** A bcrypt hash as other systems write it: version, cost, 22 characters of salt, 31 of hash. */
const bcryptHash = /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/

const retryAfterMs = 1_000

/** Part of the queue that one address may fill: whoever guesses in parallel leaves room for everybody else. */
const addressPart = 1 / 4

interface WaitingPassword {
  readonly network: string
  readonly settle: (matches: boolean) => void
}

/**
 * Compares passwords with bcrypt hashes, one after the other on a thread of its own: a comparison computes for a quarter
 * of a second, and every request of every user waits for /validate on the main one.
 *
 * Open: takes up to `queue` passwords, a quarter of them from one address, answers in order. Full: `matches` throws
 * `busy` at once. Closed: what still waits is never answered. A thread that dies ends the process.
 */
export class PasswordChecker implements AsyncDisposable {
  readonly #thread = new Worker(new URL('password-thread.ts', import.meta.url))
  readonly #waiting = new Map<number, WaitingPassword>()
  readonly #queue: number
  readonly #dummyHash: string
  #lastId = 0

  constructor({ queue, dummyCost }: { queue: number; dummyCost: number }) {
    this.#queue = queue
    this.#dummyHash = makeDummyHash(dummyCost)
    this.#thread.on('message', (answer: PasswordAnswer) => this.#settle(answer))
  }

  /** Passwords that wait, with the one that is being compared. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Compares with the hash; without one it takes as long and says no. Only a password's first 72 bytes count (bcrypt). */
  async matches(password: string, hash: string | null, address: string): Promise<boolean> {
    const usable = hash !== null && bcryptHash.test(hash)
    const matches = await this.#ask(password, usable ? hash : this.#dummyHash, networkOf(address))
    return usable && matches
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate()
  }

  #ask(password: string, hash: string, network: string): Promise<boolean> {
    if (this.#waiting.size >= this.#queue || this.#countWaiting(network) >= this.#share) {
      throw new RetryableError('busy', 'Too many logins at once.', { retryAfterMs })
    }
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const id = ++this.#lastId
    this.#waiting.set(id, { network, settle: resolve })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#thread.postMessage({ id, password, hash } satisfies PasswordQuestion)
    return promise
  }

  get #share(): number {
    return Math.ceil(this.#queue * addressPart)
  }

  /** The queue is short enough to be looked through. */
  #countWaiting(network: string): number {
    return this.#waiting.values().reduce((count, other) => count + Number(other.network === network), 0)
  }

  #settle({ id, matches }: PasswordAnswer): void {
    this.#waiting.get(id)?.settle(matches)
    this.#waiting.delete(id)
  }
}

/** A well-formed hash of no known password. */
function makeDummyHash(cost: number): string {
  const characters = randomBytes(27).toString('hex').slice(0, 53)
  return `$2b$${String(cost).padStart(2, '0')}$${characters}`
}
