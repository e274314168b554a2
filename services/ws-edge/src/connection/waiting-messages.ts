import { isSameQuestion } from '../message/own-question.ts'
import type { UserMessage } from '../message/user-message.ts'

/**
 * The messages of one connection: at most one is being answered, the others wait, up to `capacity`; one more is
 * refused. Iterating takes the next one once the body for the one before has finished and nothing holds them back. Ended
 * is final: nothing comes out any more.
 */
export class WaitingMessages {
  readonly #capacity: number
  #waiting: UserMessage[] = []
  #current: UserMessage | undefined
  #wake: (() => void) | undefined
  #holds = 0
  #hasEnded = false

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** The message that is being answered. */
  get current(): UserMessage | undefined {
    return this.#current
  }

  /** Messages that wait. */
  get size(): number {
    return this.#waiting.length
  }

  /** Reasons for which no message comes out. */
  get holds(): number {
    return this.#holds
  }

  /** No message comes out until this is disposed. */
  hold(): Disposable {
    this.#holds += 1
    return {
      [Symbol.dispose]: () => {
        this.#holds -= 1
        this.#wake?.()
      },
    }
  }

  /** Takes a message back that waits; undefined when it does not. */
  withdraw(turnId: string): UserMessage | undefined {
    const index = this.#waiting.findIndex(({ session_id }) => session_id === turnId)
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0]
  }

  /** Adds a message; the same turn again is not added twice, nor is `other`, which has its id and asks something else. */
  offer(message: UserMessage): 'waiting' | 'running' | 'repeated' | 'other' | 'full' {
    const isSame = (other: UserMessage) => other.session_id === message.session_id
    const known = this.#current && isSame(this.#current) ? this.#current : this.#waiting.find(isSame)
    if (known && !isSameQuestion(known, message)) return 'other'
    if (known) return known === this.#current ? 'running' : 'repeated'
    if (this.#waiting.length >= this.#room) return 'full'
    this.#waiting.push(message)
    this.#wake?.()
    return 'waiting'
  }

  /** Nothing comes out any more; returns what was waiting. */
  end(): UserMessage[] {
    const left = this.#waiting
    this.#waiting = []
    this.#hasEnded = true
    this.#wake?.()
    return left
  }

  /** The first message that waits is as good as taken when none is being answered. */
  get #room(): number {
    return this.#current || this.#holds > 0 ? this.#capacity : this.#capacity + 1
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<UserMessage> {
    for (let next = await this.#take(); next; next = await this.#take()) {
      yield next
      this.#current = undefined
    }
  }

  /** At every moment a message waits or is the current one. */
  async #take(): Promise<UserMessage | undefined> {
    while ((this.#waiting.length === 0 || this.#holds > 0) && !this.#hasEnded) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
    this.#current = this.#waiting.shift()
    return this.#current
  }
}
