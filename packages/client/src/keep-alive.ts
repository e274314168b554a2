export interface KeepAlivePolicy {
  /** Quiet time after which the connection is tested with a `ping`, in milliseconds. */
  readonly quietMs: number
  /** How long the answer may take before the connection counts as dead, in milliseconds. */
  readonly answerMs: number
}

export const defaultKeepAlive: KeepAlivePolicy = { quietMs: 25_000, answerMs: 10_000 }

interface KeepAliveDeps extends KeepAlivePolicy {
  readonly ping: () => void
  readonly onDead: () => void
}

/** Detects a dead connection that gives no close event. Ends when disposed. */
export class KeepAlive {
  readonly #deps: KeepAliveDeps
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(deps: KeepAliveDeps) {
    this.#deps = deps
  }

  /** A frame came; the first call starts the timer. */
  heard(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#test(), this.#deps.quietMs)
  }

  end(): void {
    clearTimeout(this.#timer)
  }

  #test(): void {
    this.#timer = setTimeout(this.#deps.onDead, this.#deps.answerMs)
    this.#deps.ping()
  }
}
