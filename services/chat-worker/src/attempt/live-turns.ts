import type { Identity, TurnMessage } from '@omni2/contracts'
import type { Attempt } from './attempt.ts'

interface LiveTurn {
  readonly identity: Identity
  readonly attempt: Attempt
}

/** The attempts that this worker runs right now, by session_id; bounded by its slots. */
export class LiveTurns {
  readonly #turns = new Map<string, LiveTurn>()

  /** Adds an attempt until the entry is disposed. */
  add({ session_id, identity }: Pick<TurnMessage, 'session_id' | 'identity'>, attempt: Attempt): Disposable {
    const turn = { identity, attempt }
    this.#turns.set(session_id, turn)
    const remove = () => this.#turns.get(session_id) === turn && this.#turns.delete(session_id)
    return { [Symbol.dispose]: () => void remove() }
  }

  find(turnId: string): Attempt | undefined {
    return this.#turns.get(turnId)?.attempt
  }

  get size(): number {
    return this.#turns.size
  }

  attempts(): Attempt[] {
    return [...this.#turns.values()].map(({ attempt }) => attempt)
  }

  /** Those of all users, or of one. */
  withUsers(userId?: number): LiveTurn[] {
    return [...this.#turns.values()].filter(
      ({ identity }) => userId === undefined || identity.user_id === userId,
    )
  }
}
