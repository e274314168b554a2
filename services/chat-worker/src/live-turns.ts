import type { TurnMessage } from '@omni2/contracts'
import type { Attempt } from './attempt.ts'

/** The attempts that this worker runs right now, by session_id; bounded by its slots. */
export class LiveTurns {
  readonly #attempts = new Map<string, Attempt>()

  /** Adds an attempt until the entry is disposed. */
  add({ session_id }: Pick<TurnMessage, 'session_id'>, attempt: Attempt): Disposable {
    this.#attempts.set(session_id, attempt)
    const remove = () => this.#attempts.get(session_id) === attempt && this.#attempts.delete(session_id)
    return { [Symbol.dispose]: () => void remove() }
  }

  find(sessionId: string): Attempt | undefined {
    return this.#attempts.get(sessionId)
  }

  attempts(): Attempt[] {
    return [...this.#attempts.values()]
  }
}
