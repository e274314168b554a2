import type { EndedTurn } from './ended-turn.ts'

/** Ended turns kept; beyond it the oldest is forgotten, and its clients learn the end from the turn's row. */
const keptTurns = 512
/** How long before a lost connection was noticed its publishes may have been lost, in milliseconds. */
const noticeMs = 15_000

/** The turns that ended here last: their terminal frames may have been lost with the connection to NATS. */
export class RecentOutcomes {
  readonly #ends: { turn: EndedTurn; at: number }[] = []

  /** Keeps what its frame is made of; the record has the rest. */
  add(turn: EndedTurn): void {
    const { activities: _, ...terminal } = turn.terminal
    this.#ends.push({ turn: { ...turn, terminal }, at: performance.now() })
    if (this.#ends.length > keptTurns) this.#ends.shift()
  }

  /** Turns that ended while the connection was away, or just before that was noticed. */
  since(awayMs: number): EndedTurn[] {
    const from = performance.now() - awayMs - noticeMs
    return this.#ends.filter(({ at }) => at >= from).map(({ turn }) => turn)
  }
}
