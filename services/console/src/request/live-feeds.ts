import { ConsoleRefused } from '../console-refused.ts'

interface Feed {
  readonly userId: number
  close(): void
}

/** The live feeds that are open here, so that they are bounded and end with the monitoring or the process. */
export class LiveFeeds {
  readonly #most: number
  readonly #feeds = new Set<Feed>()

  constructor({ most }: { most: number }) {
    this.#most = most
  }

  /** Takes a place until it is disposed; throws ConsoleRefused when all are taken. */
  add(feed: Feed): Disposable {
    if (this.#feeds.size >= this.#most)
      throw new ConsoleRefused('too_many_feeds', { fields: { retry_after_ms: 1000 } })
    this.#feeds.add(feed)
    return { [Symbol.dispose]: () => void this.#feeds.delete(feed) }
  }

  /** Feeds that are open. */
  get open(): number {
    return this.#feeds.size
  }

  closeUser(userId: number): void {
    for (const feed of this.#feeds) if (feed.userId === userId) feed.close()
  }

  close(): void {
    for (const feed of this.#feeds) feed.close()
  }
}
