import { setTimeout as delay } from 'node:timers/promises'
import type { LaunchedProcess } from './launch-process.ts'

export interface StopOptions {
  readonly signal: NodeJS.Signals
  /** After this long the whole process group is killed. */
  readonly deadlineMs: number
}

/** Asks the process to stop, then kills its group at the deadline; resolves once it is gone. */
export async function stopProcess(launched: LaunchedProcess, { signal, deadlineMs }: StopOptions) {
  if (launched.hasExited()) return
  sendSignal(launched.pid, signal)
  // A stopped process (SIGSTOP) handles no signal until it continues.
  sendSignal(launched.pid, 'SIGCONT')
  const deadline = new AbortController()
  const waiting = delay(deadlineMs, undefined, { signal: deadline.signal }).then(
    () => sendSignal(-launched.pid, 'SIGKILL'),
    () => undefined,
  )
  await launched.exited
  deadline.abort()
  await waiting
}

/** Sends a signal to a process, or to a process group by its negative id; false when there is none. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  // -1 would be every process there is, 0 our own group.
  if (pid === 0 || pid === -1) throw new RangeError(`no signal is sent to ${pid}`)
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
