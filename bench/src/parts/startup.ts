import { setTimeout as sleep } from 'node:timers/promises'
import { microseconds } from '../measure/clock.ts'
import { readCpu } from '../measure/read-cpu.ts'
import { readMemory } from '../measure/read-memory.ts'
import { openSystems } from '../systems/open-systems.ts'
import type { Ours } from '../systems/open-ours.ts'
import type { Part } from './part.ts'

const services = ['ws-edge-1', 'chat-worker-1', 'flow-recorder-1', 'auth-1', 'console-1']

/** How long a service takes until it is ready, after its process was killed and started again. */
export const startup: Part = {
  summary: 'processor time, time and memory of each service until it is ready',
  minutes: 2,
  async measure({ quick, rounds = quick ? 2 : 5, folder, say, add }) {
    await using systems = await openSystems({ folder, say }, [])
    for (let round = 1; round <= rounds; round += 1)
      for (const service of services) {
        say(`${service}: round ${round}`)
        const { pid, readyMs } = await restart(service, systems.ours)
        const { byProcess } = await readCpu([{ name: service, pid }])
        const head = { setting: 'until ready', system: service.replace(/-1$/, '') }
        add({ ...head, metric: 'processor time', unit: 's', value: byProcess.get(service) ?? Number.NaN })
        add({ ...head, metric: 'time', unit: 'ms', value: readyMs })
        add({ ...head, metric: 'PSS', unit: 'MB', value: (await readMemory(pid)) / 1_000_000 })
      }
  },
}

/** Kills a process; its supervisor starts it again at once. The time begins with the new process. */
async function restart(name: string, { stack }: Ours): Promise<{ pid: number; readyMs: number }> {
  const old = await stack.findPid(name)
  if (old === undefined) throw new Error(`${name} does not run`)
  const isReady = `${name} runs again`
  const seen = countOf(stack.said(), isReady)
  process.kill(old, 'SIGKILL')
  let pid = await stack.findPid(name)
  while (pid === undefined || pid === old) {
    await sleep(5)
    pid = await stack.findPid(name)
  }
  const from = microseconds()
  while (countOf(stack.said(), isReady) === seen) await sleep(5)
  return { pid, readyMs: (microseconds() - from) / 1000 }
}

const countOf = (text: string, part: string): number => text.split(part).length - 1
