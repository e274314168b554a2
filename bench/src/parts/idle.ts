import { setTimeout as sleep } from 'node:timers/promises'
import { microseconds } from '../measure/clock.ts'
import { readCpu, subtractCpu } from '../measure/read-cpu.ts'
import { readMemory } from '../measure/read-memory.ts'
import { openSystems } from '../systems/open-systems.ts'
import type { ChatClient, System } from '../systems/system.ts'
import type { Part, PartDeps } from './part.ts'

/** Connections that are being opened at once. */
const openingAtOnce = 50
/** Time in which a process comes to rest, in milliseconds. */
const restMs = 3000

/** What a connection costs that waits for its user. */
export const idle: Part = {
  summary: 'memory of an idle connection, as it is and after garbage collection, and the time to open many',
  minutes: 3,
  async measure(deps) {
    const count = deps.quick ? 1000 : 5000
    await using systems = await openSystems(deps, ['bare', 'socket.io'])
    for (const system of systems.all) await measureSystem(system, count, deps)
  },
}

async function measureSystem(system: System, count: number, { say, add }: PartDeps): Promise<void> {
  const setting = `${count} sockets`
  say(`${setting}: ${system.name}`)
  const put = (metric: string, unit: string, value: number) =>
    add({ setting, system: system.name, metric, unit, value })
  // The code of a connection is loaded and compiled before the memory is read.
  const warm = await openAll(system, 200, 0)
  for (const client of warm) client.close()
  const pids = system.roots.filter(({ name }) => /edge|bare|server-/.test(name)).map(({ pid }) => pid)
  const before = await settle(pids)
  await system.prepare?.(Array.from({ length: count }, (_, index) => 200 + index))
  const cpuBefore = await readCpu(system.roots)
  const from = microseconds()
  const clients = await openAll(system, count, 200)
  put('time to open them', 's', (microseconds() - from) / 1_000_000)
  const cpu = subtractCpu(await readCpu(system.roots), cpuBefore)
  put('CPU to open a socket', 'ms', (cpu.total * 1000) / count)
  if (system.name === 'ours')
    for (const [name, used] of Object.entries(cpu.byProcess))
      put(`CPU to open a socket, ${name}`, 'ms', (used * 1000) / count)
  await sleep(restMs)
  put('PSS of a socket', 'KB', ((await sumMemory(pids)) - before) / count / 1000)
  put('PSS of a socket after GC', 'KB', ((await settle(pids)) - before) / count / 1000)
  for (const client of clients) client.close()
}

async function openAll(system: System, count: number, first: number): Promise<ChatClient[]> {
  const clients: ChatClient[] = []
  let next = first
  const open = async () => {
    while (next < first + count) {
      const client = next
      next += 1
      clients.push(await system.connect(client))
    }
  }
  await Promise.all(Array.from({ length: openingAtOnce }, open))
  return clients
}

/** Memory after all garbage was collected. */
async function settle(pids: readonly number[]): Promise<number> {
  for (let times = 0; times < 2; times += 1) {
    await sleep(restMs / 2)
    for (const pid of pids) process.kill(pid, 'SIGUSR2')
  }
  await sleep(restMs / 2)
  return sumMemory(pids)
}

async function sumMemory(pids: readonly number[]): Promise<number> {
  const all = await Promise.all(pids.map(readMemory))
  return all.reduce((sum, bytes) => sum + bytes, 0)
}
