/**
 * Aborts at the first SIGTERM or SIGINT. From then the process has `deadlineMs` milliseconds to empty its event loop;
 * after that, or at a second signal, it exits with 1.
 */
export function shutdownSignal(deadlineMs: number): AbortSignal {
  const stopping = new AbortController()
  const stop = () => {
    if (stopping.signal.aborted) process.exit(1)
    stopping.abort()
    setTimeout(() => process.exit(1), deadlineMs).unref()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  return stopping.signal
}
