import { setTimeout as delay } from 'node:timers/promises'
import { ServerStartError } from '../server-errors.ts'
import type { LaunchedProcess } from './launch-process.ts'
import { readLogTail } from './read-log-tail.ts'

export interface AwaitReadyOptions {
  readonly name: string
  readonly launched: LaunchedProcess
  /** Resolves when the server answers; its rejection means "not yet". */
  readonly probe: () => Promise<void>
  readonly logFile: string
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

const pollMs = 40

/** Resolves once the probe succeeds; rejects with ServerStartError at the deadline or when the process ends. */
export async function awaitReady(options: AwaitReadyOptions): Promise<void> {
  const { name, launched, probe, logFile, deadlineMs, signal } = options
  const giveUpAt = performance.now() + deadlineMs
  for (;;) {
    signal?.throwIfAborted()
    const failure = await probe().then(() => undefined, toError)
    // Asked after the probe: another program may have answered in the name of a server that is gone.
    if (launched.hasExited()) throw await startError('it ended at once', failure)
    if (failure === undefined) return
    if (performance.now() > giveUpAt) throw await startError(`no answer within ${deadlineMs} ms`, failure)
    await delay(pollMs, undefined, { signal })
  }

  async function startError(reason: string, cause: Error | undefined) {
    return new ServerStartError(name, reason, await readLogTail(logFile), cause && { cause })
  }
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
