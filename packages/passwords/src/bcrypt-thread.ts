import { Worker } from 'node:worker_threads'
import type { Answer, Comparison, ComparisonResult, Hashing, Question } from './answer-questions.ts'

/** bcrypt cost of new hashes where nothing else is said: a quarter of a second. */
export const defaultPasswordCost = 12

/**
 * Computes with bcrypt, one question after the other, on a thread of its own.
 *
 * Open: answers in order; how many may wait is bounded by the caller. Closed: what still waits is never answered. A thread
 * that dies ends the process.
 */
export class BcryptThread implements AsyncDisposable {
  readonly #thread = new Worker(new URL('answer-questions.ts', import.meta.url))
  readonly #waiting = new Map<number, (result: Answer['result']) => void>()
  #lastId = 0

  constructor() {
    this.#thread.on('message', ({ id, result }: Answer) => {
      this.#waiting.get(id)?.(result)
      this.#waiting.delete(id)
    })
  }

  /** Questions that wait, with the one that is computed. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Compares a password with a hash; only its first 72 bytes count (bcrypt). */
  async compare(comparison: Comparison): Promise<ComparisonResult> {
    const result = await this.#ask(comparison)
    if (typeof result === 'string') throw new TypeError('a comparison was answered with a hash')
    return result
  }

  /** Makes a hash of a password's first 72 bytes. */
  async hash(password: string, cost: number = defaultPasswordCost): Promise<string> {
    const result = await this.#ask({ password, newCost: cost })
    if (typeof result !== 'string') throw new TypeError('a hash was answered with a comparison')
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate()
  }

  #ask(work: Comparison | Hashing): Promise<Answer['result']> {
    const { promise, resolve } = Promise.withResolvers<Answer['result']>()
    const id = ++this.#lastId
    this.#waiting.set(id, resolve)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#thread.postMessage({ id, work } satisfies Question)
    return promise
  }
}
