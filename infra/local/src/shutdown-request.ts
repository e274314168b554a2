/** One press of Ctrl-C reaches this process several times: from the terminal, from npm and from the bootstrap. */
const samePressMs = 1000

export interface ShutdownRequest {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP. */
  readonly stopping: AbortSignal
  /** Aborts at the next one that is not an echo of the first. */
  readonly forced: AbortSignal
}

/** Listens for signals that end this process. */
export function listenForShutdown({ say }: { say: (line: string) => void }): ShutdownRequest {
  const stopping = new AbortController()
  const forced = new AbortController()
  let firstAt = 0
  const onSignal = () => {
    if (!stopping.signal.aborted) {
      firstAt = performance.now()
      stopping.abort()
    } else if (performance.now() - firstAt > samePressMs && !forced.signal.aborted) {
      say('asked again: ending everything at once')
      forced.abort()
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  return { stopping: stopping.signal, forced: forced.signal }
}
