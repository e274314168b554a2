import type { ReplyRelay } from '../reply/reply-relay.ts'

/** Turns remembered after their end, so that a terminal frame said again is not taken for a new turn. */
const remembered = 64

/** The turns whose frames one connection is sent, by one relay each: the last one that was added. */
export class FollowedTurns {
  readonly #relays = new Map<string, ReplyRelay>()
  readonly #ended = new Set<string>()

  /** Whether a turn's frames are being sent. */
  isFollowed(sessionId: string): boolean {
    return this.#relays.has(sessionId)
  }

  /** Whether a turn's end has been sent. */
  hasEnded(sessionId: string): boolean {
    return this.#ended.has(sessionId)
  }

  /** Lets a relay take over a turn until it ends. */
  add(sessionId: string, relay: ReplyRelay): void {
    this.#relays.get(sessionId)?.[Symbol.dispose]()
    this.#relays.set(sessionId, relay)
    void relay.ended.then(() => this.#remove(sessionId, relay))
  }

  #remove(sessionId: string, relay: ReplyRelay): void {
    if (relay.hasSentEnd) this.#remember(sessionId)
    if (this.#relays.get(sessionId) === relay) this.#relays.delete(sessionId)
  }

  #remember(sessionId: string): void {
    this.#ended.add(sessionId)
    const [oldest] = this.#ended
    if (this.#ended.size > remembered && oldest !== undefined) this.#ended.delete(oldest)
  }
}
