/** The reason of a cancel that servers receive. The real reason stays here. */
const reason = 'cancelled'

/** A signal that aborts with the first of these, without their reasons. Disposal releases them. */
export function linkStop(signals: readonly AbortSignal[]): Disposable & { signal: AbortSignal } {
  const stop = new AbortController()
  const abort = () => stop.abort(reason)
  for (const signal of signals) signal.addEventListener('abort', abort, { once: true })
  if (signals.some((signal) => signal.aborted)) abort()
  return {
    signal: stop.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) signal.removeEventListener('abort', abort)
    },
  }
}
