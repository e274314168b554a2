import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../make-schedule.ts'
import type { FaultProxy } from '@omni2/testkit/fault-proxy'
import type { Stack } from '@omni2/testkit/open-stack'

interface FaultDeps {
  readonly stack: Pick<Stack, 'findPid'>
  readonly proxy: FaultProxy
  /** Frozen processes. */
  readonly resume: Set<number>
  /** Processes that were asked to stop: a second signal would end them at once, with exit code 1. */
  readonly stopped: Set<number>
}

/** Inflicts one fault, and ends it. A process that is being started again just now is left alone. */
export async function inflictFault(
  { kind, target, ms }: Fault,
  { stack, proxy, resume, stopped }: FaultDeps,
): Promise<void> {
  if (kind === 'net') return disturbNetwork(proxy, ms)
  const pid = await stack.findPid(target)
  if (pid === undefined) return
  if (kind === 'kill') signal(pid, 'SIGKILL')
  if (kind === 'stop' && !stopped.has(pid)) signal(pid, 'SIGTERM')
  if (kind === 'stop') stopped.add(pid)
  if (kind !== 'freeze') return
  signal(pid, 'SIGSTOP')
  resume.add(pid)
  await sleep(ms)
  signal(pid, 'SIGCONT')
  resume.delete(pid)
}

/** A quarter each: connections are reset, nothing gets through for a while, everything is late, or the line is narrow. */
async function disturbNetwork(proxy: FaultProxy, ms: number): Promise<void> {
  if (ms % 4 === 0) return proxy.dropAll()
  if (ms % 4 === 1) proxy.stall()
  if (ms % 4 === 2) proxy.delay(ms % 200)
  if (ms % 4 === 3) proxy.limit(2000 + ms)
  await sleep(ms)
  proxy.resume()
  proxy.delay(0)
  proxy.limit(0)
}

/** Its process may have ended meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
