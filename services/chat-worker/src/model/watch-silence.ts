/** The model was silent for too long. */
export class StreamStalledError extends Error {
  override readonly name = 'StreamStalledError'
}

/**
 * Number of silences for which pings alone keep a call alive: ten minutes by default, as long as the SDK waits for an
 * answer.
 */
const pingedSilences = 10

/** Longest wait for the end of a message after its stop reason, in milliseconds. */
const conclusionMs = 5000

/**
 * Aborts a call of the model after too long a silence, or too long a time with pings only, and when its parent aborts.
 * It waits for the reply, and after the stop reason for the end of the message, which may never arrive. Disposal
 * releases the parent and aborts nothing.
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

  /** Data of any kind arrived. */
  alive(): void {
    this.#silence.refresh()
  }

  /** A part of the reply arrived. */
  progressed(): void {
    this.#progress.refresh()
  }

  /** The stop reason arrived. */
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
