/** One Ctrl-C reaches a process without a terminal several times: from the group, from npm and from the bootstrap. */
const samePressMs = 1000

/** What Ctrl-C means: while a reply runs the first cancels it, any other leaves. */
export class Interrupts {
  readonly #leaving = new AbortController()
  readonly #now: () => number
  #cancel: (() => void) | undefined
  #pressedAt = Number.NEGATIVE_INFINITY

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Aborts when the person wants to leave. */
  get leaving(): AbortSignal {
    return this.#leaving.signal
  }

  get wasPressed(): boolean {
    return this.#pressedAt > Number.NEGATIVE_INFINITY
  }

  /** Until disposed something runs that the first press cancels. */
  during(cancel: () => void): Disposable {
    this.#cancel = cancel
    return { [Symbol.dispose]: () => (this.#cancel = undefined) }
  }

  press(): void {
    this.#pressedAt = this.#now()
    const cancel = this.#cancel
    this.#cancel = undefined
    if (cancel) cancel()
    else this.leave()
  }

  leave(): void {
    this.#leaving.abort()
  }

  /** A signal that may be the echo of one before. */
  pressOnce(): void {
    if (this.#now() - this.#pressedAt > samePressMs) this.press()
  }
}
