import type { ReplyRelay } from '../reply/reply-relay.ts'

/** Turns remembered after their end, so that a terminal frame said again is not taken for a new turn. */
const remembered = 64

/** The turns whose frames one connection is sent, by one relay each: the last one that was added. */
export class FollowedTurns {
  readonly #relays = new Map<string, ReplyRelay>()
  readonly #ended = new Set<string>()

  /** Whether a turn's frames are being sent. */
  isFollowed(turnId: string): boolean {
    return this.#relays.has(turnId)
  }

  /** Whether a turn's end has been sent. */
  hasEnded(turnId: string): boolean {
    return this.#ended.has(turnId)
  }

  /** Lets a relay take over a turn until it ends. */
  add(turnId: string, relay: ReplyRelay): void {
    this.#relays.get(turnId)?.[Symbol.dispose]()
    this.#relays.set(turnId, relay)
    void relay.ended.then(() => this.#remove(turnId, relay))
  }

  #remove(turnId: string, relay: ReplyRelay): void {
    if (relay.hasSentEnd) this.#remember(turnId)
    if (this.#relays.get(turnId) === relay) this.#relays.delete(turnId)
  }

  #remember(turnId: string): void {
    this.#ended.add(turnId)
    const [oldest] = this.#ended
    if (this.#ended.size > remembered && oldest !== undefined) this.#ended.delete(oldest)
  }
}
