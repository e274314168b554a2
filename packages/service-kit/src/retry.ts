interface RetryOptions {
  /** Between two tries, in milliseconds; `tried` counts the tries so far. */
  readonly pauseMs: number | ((tried: number, error: unknown) => number)
  /** Most tries; without it there is no end. */
  readonly tries?: number
  /** Whether an error may pass; any other is thrown at once. */
  readonly mayPass?: (error: unknown) => boolean
  /** Hears of each failure that may pass, the last one too, before the pause. */
  readonly onFailure?: (error: unknown, tried: number) => void
  /** Ends the pause and the tries: the last error is thrown. A try that runs is not cut off. */
  readonly signal?: AbortSignal
  /** False where a pause must not keep a process from its end. */
  readonly ref?: boolean
}

/**
 * Does work again until it succeeds; throws what it failed of last. Ours because the pause of cockatiel's retry does not
 * end with its signal: a service that stops would wait for it.
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { tries = Infinity, mayPass = () => true, onFailure, signal } = options
  for (let tried = 1; ; tried += 1) {
    try {
      return await work()
    } catch (error) {
      if (!mayPass(error)) throw error
      onFailure?.(error, tried)
      if (tried < tries) await pause(tried, error, options)
      if (tried >= tries || signal?.aborted) throw error
    }
  }
}

async function pause(
  tried: number,
  error: unknown,
  { pauseMs, signal, ref = true }: RetryOptions,
): Promise<void> {
  const ms = typeof pauseMs === 'number' ? pauseMs : pauseMs(tried, error)
  if (ms === 0 || signal?.aborted) return
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  if (!ref) timer.unref()
  const end = () => resolve()
  signal?.addEventListener('abort', end, { once: true })
  await over
  clearTimeout(timer)
  signal?.removeEventListener('abort', end)
}
