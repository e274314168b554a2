import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** Resolves when each thread of a process stands still after a SIGSTOP, or has gone; on Linux only, elsewhere at once. */
export async function whenStopped(pid: number): Promise<void> {
  while (process.platform === 'linux' && !(await isStopped(pid))) await delay(5)
}

async function isStopped(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const states = await Promise.all(threads.map((thread) => readState(`/proc/${pid}/task/${thread}/stat`)))
  return states.every((state) => state === undefined || 'TtZX'.includes(state))
}

async function readState(file: string): Promise<string | undefined> {
  const stat = await readFile(file, 'utf8').catch(() => undefined)
  // The name before it may hold spaces and parentheses itself.
  return stat?.slice(stat.lastIndexOf(')') + 2)[0]
}
