import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../make-schedule.ts'
import type { FaultProxy } from '@omni2/testkit/fault-proxy'
import type { Stack } from './open-stack.ts'

/** Inflicts one fault, and ends it. A process that is being started again just now is left alone. */
export async function inflictFault(
  { kind, target, ms }: Fault,
  { stack, proxy, resume }: { stack: Pick<Stack, 'findPid'>; proxy: FaultProxy; resume: Set<number> },
): Promise<void> {
  if (kind === 'net') return disturbNetwork(proxy, ms)
  const pid = await stack.findPid(target)
  if (pid === undefined) return
  if (kind === 'kill') signal(pid, 'SIGKILL')
  if (kind === 'stop') signal(pid, 'SIGTERM')
  if (kind !== 'freeze') return
  signal(pid, 'SIGSTOP')
  resume.add(pid)
  await sleep(ms)
  signal(pid, 'SIGCONT')
  resume.delete(pid)
}

/** A third each: connections are reset, nothing gets through for a while, or everything is late. */
async function disturbNetwork(proxy: FaultProxy, ms: number): Promise<void> {
  if (ms % 3 === 0) return proxy.dropAll()
  if (ms % 3 === 1) proxy.stall()
  else proxy.delay(ms % 200)
  await sleep(ms)
  proxy.resume()
  proxy.delay(0)
}

/** Its process may have ended meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
