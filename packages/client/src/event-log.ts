import { makeDeferred } from './deferred.ts'
import type { ReplyEvent } from './reply-event.ts'

/**
 * The events of one reply, kept so that each reader gets all of them, however late it comes. Unread text is joined, so
 * the log is bounded by the reply's own length. Ended is final.
 */
export class EventLog {
  readonly #events: ReplyEvent[] = []
  #readUpTo = 0
  #hasEnded = false
  #news = makeDeferred<void>()

  push(event: ReplyEvent): void {
    const last = this.#events.at(-1)
    const isUnread = this.#readUpTo < this.#events.length
    if (event.type === 'token' && last?.type === 'token' && isUnread)
      this.#events[this.#events.length - 1] = { type: 'token', text: last.text + event.text }
    else this.#events.push(event)
    this.#wake()
  }

  end(): void {
    this.#hasEnded = true
    this.#wake()
  }

  async *read(): AsyncGenerator<ReplyEvent, void, undefined> {
    for (let next = 0; ; next += 1) {
      while (next === this.#events.length) {
        if (this.#hasEnded) return
        await this.#news.promise
      }
      const event = this.#events[next]
      this.#readUpTo = Math.max(this.#readUpTo, next + 1)
      if (event) yield event
    }
  }

  #wake(): void {
    this.#news.resolve()
    this.#news = makeDeferred()
  }
}
