import { digestConversation } from '../reply/seed-random.ts'
import type { ConversationMessage } from '../request/request-shape.ts'
import type { Behaviour } from './parse-behaviour.ts'

/**
 * Counts the requests of each `fail-first` key and takes the failure away once enough of them have failed.
 * Without a `key` requests with the same conversation belong together: a retry of the same request does.
 * Above `maxKeys` the least recently counted key is forgotten.
 */
export class FailureCounter {
  readonly #seen = new Map<string, number>()
  readonly #maxKeys: number

  constructor({ maxKeys }: { maxKeys: number }) {
    this.#maxKeys = maxKeys
  }

  /** The behaviour of the next request: with or without its failure. */
  admit(behaviour: Behaviour, messages: readonly ConversationMessage[]): Behaviour {
    if (behaviour.failFirst === undefined) return behaviour
    const count = this.#count(behaviour.failureKey ?? digestConversation(messages))
    if (count <= behaviour.failFirst) return behaviour
    const { failure: _, ...rest } = behaviour
    return rest
  }

  #count(key: string): number {
    const count = (this.#seen.get(key) ?? 0) + 1
    this.#seen.delete(key)
    this.#seen.set(key, count)
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > this.#maxKeys && oldest !== undefined) this.#seen.delete(oldest)
    return count
  }
}
