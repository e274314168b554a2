import { CallCancelledError } from './tool-errors.ts'

/** Waits for work until the signal aborts, then rejects with CallCancelledError and ignores the result of the work. */
export async function abandonAt<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(new CallCancelledError('cancelled'))
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
