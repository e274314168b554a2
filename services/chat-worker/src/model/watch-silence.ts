/** Nothing came from the model for too long. */
export class StreamStalledError extends Error {
  override readonly name = 'StreamStalledError'
}

interface SilenceWatch extends Disposable {
  /** Aborts with StreamStalledError after the silence, or with the parent's reason. */
  readonly signal: AbortSignal
  /** Begins the wait anew. */
  readonly heard: () => void
}

/** Aborts a call when nothing is heard for `silenceMs` milliseconds. */
export function watchSilence(silenceMs: number, parent: AbortSignal): SilenceWatch {
  const stalled = new AbortController()
  const timer = setTimeout(
    () => stalled.abort(new StreamStalledError(`nothing from the model for ${silenceMs} ms`)),
    silenceMs,
  )
  return {
    signal: AbortSignal.any([parent, stalled.signal]),
    heard: () => void timer.refresh(),
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}
