/** What came and is to be taken in order, whichever is first there: the thing or its taker. */
export class Mailbox<T> {
  readonly #things: T[] = []
  readonly #takers: ((thing: T) => void)[] = []

  get size(): number {
    return this.#things.length
  }

  put(thing: T): void {
    const taker = this.#takers.shift()
    if (taker) taker(thing)
    else this.#things.push(thing)
  }

  take(): Promise<T> {
    const thing = this.#things.shift()
    if (thing !== undefined) return Promise.resolve(thing)
    return new Promise((resolve) => this.#takers.push(resolve))
  }
}
