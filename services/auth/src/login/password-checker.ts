import { BcryptThread } from '@omni2/passwords'
import { networkOf } from '@omni2/net'
import { RetryableError } from '@omni2/service-kit'

/** Highest cost that all comparisons are made as long as: a single costlier hash must not slow every login down. */
const highestCost = 15

/** A bcrypt hash as other systems write it: version, cost, 22 characters of salt, 31 of hash. */
const bcryptHash = /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/

const retryAfterMs = 1_000

/** Part of the queue that one address may fill: parallel guesses leave room for all other clients. */
const addressPart = 1 / 4

/** A password that waits, or is being compared. */
interface WaitingPassword {
  readonly network: string
}

/**
 * Compares passwords with bcrypt hashes, one after the other on a thread of its own: a comparison computes for a quarter
 * of a second, and every request of every user waits for /validate on the main one.
 *
 * Open: takes up to `queue` passwords, a quarter of them from one address, answers in order. Full: `matches` throws
 * `busy` at once. Closed: what still waits is never answered. A thread that dies ends the process.
 *
 * Every comparison takes as long as one of `cost`, whatever its hash has cost, so that the time of an answer says nothing
 * about an account.
 */
export class PasswordChecker implements AsyncDisposable {
  readonly #bcrypt = new BcryptThread()
  readonly #waiting = new Set<WaitingPassword>()
  readonly #queue: number
  readonly #renewalCost: number
  #cost: number

  constructor({ queue, cost }: { queue: number; cost: number }) {
    this.#queue = queue
    this.#renewalCost = cost
    this.#cost = cost
  }

  /** Passwords that wait, with the one that is being compared. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Makes all comparisons as long as those with hashes of this cost, where some are stored. */
  raiseCost(cost: number): void {
    this.#cost = Math.max(this.#cost, Math.min(cost, highestCost))
  }

  /**
   * Compares with the hash; without one it takes as long and says no. Only a password's first 72 bytes count (bcrypt).
   * `onRenewed` gets a hash of the same password at our cost where the one that matches cost less.
   */
  async matches(
    password: string,
    hash: string | null,
    address: string,
    onRenewed: (renewedHash: string) => void = () => {},
  ): Promise<boolean> {
    const usable = hash !== null && bcryptHash.test(hash) ? hash : null
    using _place = this.#takePlace(networkOf(address))
    const costs = { cost: this.#cost, renewalCost: this.#renewalCost }
    const { matches, renewedHash } = await this.#bcrypt.compare({ password, hash: usable, ...costs })
    if (renewedHash !== undefined) onRenewed(renewedHash)
    return matches
  }

  /** The hash of a new password at our cost. Throws `busy` as `matches` does. */
  async hash(password: string, address: string): Promise<string> {
    using _place = this.#takePlace(networkOf(address))
    return this.#bcrypt.hash(password, this.#renewalCost)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bcrypt[Symbol.asyncDispose]()
  }

  /** A place in the queue until it is disposed; throws `busy` where there is none. */
  #takePlace(network: string): Disposable {
    if (this.#waiting.size >= this.#queue || this.#countWaiting(network) >= this.#share) {
      throw new RetryableError('busy', 'Too many logins at once.', { retryAfterMs })
    }
    const waiting = { network }
    this.#waiting.add(waiting)
    return { [Symbol.dispose]: () => void this.#waiting.delete(waiting) }
  }

  get #share(): number {
    return Math.ceil(this.#queue * addressPart)
  }

  /** The queue is short enough to be looked through. */
  #countWaiting(network: string): number {
    return this.#waiting.values().reduce((count, other) => count + Number(other.network === network), 0)
  }
}
