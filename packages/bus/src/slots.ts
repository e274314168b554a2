interface Waiter {
  resolve(): void
  reject(reason: unknown): void
}

/** A fixed number of places, handed out in the order in which they were asked for; a taken place is given back by its disposal. */
export class Slots {
  readonly #capacity: number
  readonly #waiters = new Set<Waiter>()
  readonly #emptied = new Set<() => void>()
  #taken = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get taken(): number {
    return this.#taken
  }

  /** Waits for a place; rejects with the signal's reason when it aborts first. */
  async take(signal?: AbortSignal): Promise<Disposable> {
    signal?.throwIfAborted()
    if (this.#taken < this.#capacity) this.#taken += 1
    else await this.#wait(signal)
    return this.#makePlace()
  }

  /** Resolves when no place is taken. */
  emptied(): Promise<void> {
    if (this.#taken === 0) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#emptied.add(resolve)
    return promise
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter = { resolve, reject }
    const abort = () => this.#waiters.delete(waiter) && reject(signal?.reason)
    this.#waiters.add(waiter)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  #makePlace(): Disposable {
    let given = false
    return {
      [Symbol.dispose]: () => {
        if (given) return
        given = true
        this.#pass()
      },
    }
  }

  /** A place that is given back goes to the longest waiter, else it is free. */
  #pass(): void {
    const [next] = this.#waiters
    if (!next) {
      this.#taken -= 1
      if (this.#taken === 0) this.#notifyEmptied()
      return
    }
    this.#waiters.delete(next)
    next.resolve()
  }

  #notifyEmptied(): void {
    for (const resolve of this.#emptied) resolve()
    this.#emptied.clear()
  }
}
