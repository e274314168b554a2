import type { EndedTurn } from './ended-turn.ts'

/** Number of ended turns that are kept. Above it the oldest is removed, and its clients get the end from the row. */
const keptTurns = 512
/** How long before the loss of a connection was noticed its publishes may have been lost, in milliseconds. */
const noticeMs = 15_000

/** The turns that ended here last. Their terminal frames may have been lost with the connection to NATS. */
export class RecentOutcomes {
  readonly #ends: { turn: EndedTurn; at: number }[] = []

  /** Keeps the content of the frame; the record has the rest. */
  add(turn: EndedTurn): void {
    const { activities: _, ...terminal } = turn.terminal
    this.#ends.push({ turn: { ...turn, terminal }, at: performance.now() })
    if (this.#ends.length > keptTurns) this.#ends.shift()
  }

  /** Turns that ended while the connection was away, or shortly before its loss was noticed. */
  since(awayMs: number): EndedTurn[] {
    const from = performance.now() - awayMs - noticeMs
    return this.#ends.filter(({ at }) => at >= from).map(({ turn }) => turn)
  }
}
