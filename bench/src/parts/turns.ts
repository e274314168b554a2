import { connectClients } from '../drive/run-turns.ts'
import { repeatTurns } from '../drive/repeat-turns.ts'
import { quantile } from '../measure/quantile.ts'
import { saturatedBelow } from '../report/results.ts'
import { openSystems } from '../systems/open-systems.ts'
import type { System } from '../systems/system.ts'
import type { Part, PartDeps } from './part.ts'

/** Turns at once. */
const clientCount = 32
const tokens = 10

const models = [
  { name: 'an instant model', paceMs: 0 },
  { name: 'a slow model', paceMs: 20 },
] as const

/** What a short turn costs, and how many are answered in a second. */
export const turns: Part = {
  summary: 'short turns: processor time of one, turns a second with 1, 2 and 4 workers',
  minutes: 6,
  async measure(deps) {
    for (const workers of deps.quick ? [1] : [1, 2, 4]) {
      await using systems = await openSystems(deps, workers === 1 ? ['bare', 'socket.io'] : [], { workers })
      for (const system of systems.all) await measureSystem(system, workers, deps)
    }
  },
}

async function measureSystem(
  system: System,
  workers: number,
  { quick, rounds = quick ? 1 : 3, say, add }: PartDeps,
): Promise<void> {
  const clients = await connectClients(system, clientCount)
  await repeatTurns(system, clients, { tokens, paceMs: 0, lengthMs: 3000 })
  for (const model of models)
    for (let round = 1; round <= rounds; round += 1) {
      const many = workers === 1 ? '1 worker' : `${workers} workers`
      const setting = `${clientCount} clients, ${tokens} tokens, ${model.name}, ${many}`
      say(`${setting}: ${system.name}`)
      const { count, seconds, cpu, idle, turnMs } = await repeatTurns(system, clients, {
        tokens,
        paceMs: model.paceMs,
        lengthMs: quick ? 4000 : 8000,
      })
      const saturated = idle < saturatedBelow
      const put = (metric: string, unit: string, value: number) =>
        add({ setting, system: system.name, metric, unit, value, saturated })
      put('turns', 'a second', count / seconds)
      put('CPU of a turn', 'ms', (cpu.total * 1000) / count)
      put('turn p50', 'ms', quantile(turnMs, 0.5))
      put('turn p99', 'ms', quantile(turnMs, 0.99))
      if (system.name === 'ours' && workers === 1)
        for (const [name, used] of Object.entries(cpu.byProcess))
          put(`CPU of a turn, ${name}`, 'ms', (used * 1000) / count)
    }
  for (const client of clients) client.close()
}
