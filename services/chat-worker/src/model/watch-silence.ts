/** Nothing came from the model for too long. */
export class StreamStalledError extends Error {
  override readonly name = 'StreamStalledError'
}

/** Silences for which pings alone keep a call alive: ten minutes by default, as long as the SDK waits for an answer. */
const pingedSilences = 10

/** Longest wait for the end of a message whose model has said why it stopped, in milliseconds. */
const conclusionMs = 5000

/**
 * Aborts a call of the model that goes on for too long without a sign of life, or with signs of life alone; with its
 * parent it aborts too. Waiting for the reply; then, once the model has said why it stopped, for the end of the message,
 * which is there or never comes. Disposal lets go of the parent and aborts nothing.
 */
export class SilenceWatch implements Disposable {
  readonly #stopping = new AbortController()
  readonly #silenceMs: number
  readonly #parent: AbortSignal
  readonly #silence: NodeJS.Timeout
  #progress: NodeJS.Timeout
  readonly #follow = (): void => this.#stopping.abort(this.#parent.reason)

  constructor(silenceMs: number, parent: AbortSignal) {
    this.#silenceMs = silenceMs
    this.#parent = parent
    this.#silence = this.#stopAfter(silenceMs)
    this.#progress = this.#stopAfter(silenceMs * pingedSilences)
    parent.addEventListener('abort', this.#follow, { once: true })
    if (parent.aborted) this.#follow()
  }

  /** Aborts with StreamStalledError, or with the parent's reason. */
  get signal(): AbortSignal {
    return this.#stopping.signal
  }

  /** Something came, of whatever kind. */
  alive(): void {
    this.#silence.refresh()
  }

  /** Something of the reply came. */
  progressed(): void {
    this.#progress.refresh()
  }

  /** The model has said why it stopped. */
  concluded(): void {
    clearTimeout(this.#progress)
    this.#progress = this.#stopAfter(Math.min(this.#silenceMs, conclusionMs))
  }

  #stopAfter(ms: number): NodeJS.Timeout {
    const stop = () => this.#stopping.abort(new StreamStalledError(`nothing from the model for ${ms} ms`))
    return setTimeout(stop, ms)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#silence)
    clearTimeout(this.#progress)
    this.#parent.removeEventListener('abort', this.#follow)
  }
}
