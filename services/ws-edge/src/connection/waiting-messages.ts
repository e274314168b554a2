import { isSameQuestion } from '../message/own-question.ts'
import type { UserMessage } from '../message/user-message.ts'

/**
 * The messages of one connection: at most one is being answered, the others wait, up to `capacity`; one more is
 * refused. The next one can be taken once the one before is finished and nothing holds them back. Ended is final:
 * nothing comes out any more.
 */
export class WaitingMessages {
  readonly #capacity: number
  #waiting: UserMessage[] = []
  #current: UserMessage | undefined
  readonly #onReady: () => void
  #holds = 0
  #hasEnded = false

  /** `onReady` is called whenever a message may have become ready to be taken. */
  constructor(capacity: number, onReady: () => void) {
    this.#capacity = capacity
    this.#onReady = onReady
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
        this.#onReady()
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
    this.#onReady()
    return 'waiting'
  }

  /** Nothing comes out any more; returns what was waiting. */
  end(): UserMessage[] {
    const left = this.#waiting
    this.#waiting = []
    this.#hasEnded = true
    return left
  }

  /** The first message that waits is as good as taken when none is being answered. */
  get #room(): number {
    return this.#current || this.#holds > 0 ? this.#capacity : this.#capacity + 1
  }

  /** Takes the next message, to be answered until it is finished; undefined where none is ready. */
  take(): UserMessage | undefined {
    if (this.#current || this.#holds > 0 || this.#hasEnded) return undefined
    this.#current = this.#waiting.shift()
    return this.#current
  }

  /** The message that was taken is answered. */
  finish(): void {
    this.#current = undefined
  }
}
