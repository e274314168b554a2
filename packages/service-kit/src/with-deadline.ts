/** Work was not done in the time it had. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'

  constructor(ms: number) {
    super(`not done within ${ms} ms`)
  }
}

interface Deadline<L> {
  readonly ms: number
  /** What late work is answered with, or the error it throws; without it a late wait rejects with DeadlineError. */
  readonly late?: () => L | PromiseLike<L>
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal
}

/** Waits for work until its deadline. The work itself continues after it; its result is dropped. */
export async function withDeadline<T, L = never>(
  work: PromiseLike<T>,
  { ms, late = () => throwLate(ms), signal }: Deadline<L>,
): Promise<T | L> {
  const ending = Promise.withResolvers<L>()
  const timer = setTimeout(() => ending.resolve(Promise.try(late)), ms)
  const abort = () => ending.reject(signal?.reason)
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([ending.promise, work])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

function throwLate(ms: number): never {
  throw new DeadlineError(ms)
}
