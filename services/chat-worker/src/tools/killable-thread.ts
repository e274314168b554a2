import { Worker } from 'node:worker_threads'
import type { ArgumentAnswer, ArgumentQuestion } from './argument-thread.ts'

const threadModule = new URL('argument-thread.ts', import.meta.url)

/** Longest time of one check. Most take less than a millisecond, the first one of the largest schema about 100 ms. */
const checkMaxMs = 2000
/** Memory limit for the checks of one thread, compiled schemas included. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 }

/**
 * A thread that checks the arguments of one call at a time.
 *
 * *Starting*: a question waits. *Idle*: it is ready. *Busy*: the answer is awaited. An answer that takes too long or
 * too much memory is `undefined`; the thread is killed and a new one starts. *Closed*: every answer is `undefined`.
 */
export class KillableThread implements AsyncDisposable {
  #worker: Worker
  #started: Promise<ArgumentAnswer | undefined>
  #settle: (answer: ArgumentAnswer | undefined) => void = () => {}
  #isClosed = false

  constructor() {
    this.#worker = this.#open()
    this.#started = this.#next()
  }

  /** Asks after the question before it is answered, not earlier. */
  async ask(question: ArgumentQuestion): Promise<ArgumentAnswer | undefined> {
    const answer = (await this.#started) && (await this.#askStarted(question))
    if (!answer && !this.#isClosed) this.#replace()
    return answer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#settle(undefined)
    await this.#worker.terminate()
  }

  async #askStarted(question: ArgumentQuestion): Promise<ArgumentAnswer | undefined> {
    if (this.#isClosed) return undefined
    const answering = this.#next()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage(question)
    let late: NodeJS.Immediate | undefined
    const timer = setTimeout(() => {
      // An answer that came while this process was held up is read first.
      late = setImmediate(() => this.#settle(undefined))
    }, checkMaxMs)
    const answer = await answering
    clearTimeout(timer)
    clearImmediate(late)
    return answer
  }

  /** What the thread says next; undefined where it ends instead. */
  #next(): Promise<ArgumentAnswer | undefined> {
    const { promise, resolve } = Promise.withResolvers<ArgumentAnswer | undefined>()
    this.#settle = resolve
    return promise
  }

  #replace(): void {
    void this.#worker.terminate()
    this.#worker = this.#open()
    this.#started = this.#next()
  }

  #open(): Worker {
    const worker = new Worker(threadModule, { resourceLimits })
    const settle = (answer: ArgumentAnswer | undefined) => {
      if (worker === this.#worker) this.#settle(answer)
    }
    worker.unref()
    worker.on('message', settle)
    worker.on('exit', () => settle(undefined))
    // It ends of every error.
    worker.on('error', () => {})
    return worker
  }
}
