import { connectClients, runTurns, type LoadResult } from '../drive/run-turns.ts'
import { quantile } from '../measure/quantile.ts'
import { saturatedBelow } from '../report/results.ts'
import { openSystems } from '../systems/open-systems.ts'
import type { System } from '../systems/system.ts'
import type { Part, PartDeps } from './part.ts'

interface Setting {
  readonly streams: number
  readonly tokens: number
  readonly peers: 'all' | 'bare'
}

const settings: readonly Setting[] = [
  { streams: 1, tokens: 500, peers: 'all' },
  { streams: 20, tokens: 500, peers: 'all' },
  { streams: 60, tokens: 500, peers: 'all' },
  { streams: 100, tokens: 500, peers: 'all' },
  { streams: 200, tokens: 500, peers: 'all' },
  { streams: 100, tokens: 3000, peers: 'bare' },
]
const quickSettings = settings.filter(
  ({ streams, tokens }) => tokens === 500 && [1, 20, 100].includes(streams),
)

/** 50 tokens a second, as a fast model streams. */
const paceMs = 20

/** What it costs to carry tokens from the model to clients, and how late they come. */
export const relay: Part = {
  summary: 'tokens from model to client: processor time, latency, first token, at 1 to 200 streams',
  minutes: 18,
  async measure({ quick, rounds = quick ? 1 : 3, say, add, folder }) {
    await using systems = await openSystems({ folder, say }, ['bare', 'bare-data', 'socket.io'])
    for (const system of systems.all) await warmUp(system)
    for (const setting of quick ? quickSettings : settings) {
      const measured =
        setting.peers === 'all' ? systems.all : systems.all.filter(({ name }) => name !== 'socket.io')
      for (let round = 1; round <= rounds; round += 1)
        for (const system of measured) await measureOnce(system, setting, { say, add })
    }
  },
}

async function measureOnce(
  system: System,
  { streams, tokens }: Setting,
  { say, add }: Pick<PartDeps, 'say' | 'add'>,
): Promise<void> {
  const setting = `${streams} streams of ${tokens} tokens`
  say(`${setting}: ${system.name}`)
  const clients = await connectClients(system, streams)
  const spreadMs = (tokens * paceMs) / 4
  const result = await runTurns(system, clients, { streams, tokens, paceMs, spreadMs })
  for (const client of clients) client.close()
  report(result, { setting, system: system.name, thousands: (streams * tokens) / 1000 }, add)
}

function report(
  { tokenMs, firstMs, cpu, idle }: LoadResult,
  { setting, system, thousands }: { setting: string; system: string; thousands: number },
  add: PartDeps['add'],
): void {
  const saturated = idle < saturatedBelow
  const put = (metric: string, unit: string, value: number) =>
    add({ setting, system, metric, unit, value, saturated })
  put('CPU of 1,000 tokens', 's', cpu.total / thousands)
  put('token latency p50', 'ms', quantile(tokenMs, 0.5))
  put('token latency p99', 'ms', quantile(tokenMs, 0.99))
  put('first token p50', 'ms', quantile(firstMs, 0.5))
  put('first token p99', 'ms', quantile(firstMs, 0.99))
  put('idle processors', '%', idle * 100)
  if (system !== 'ours') return
  for (const [name, seconds] of Object.entries(cpu.byProcess))
    put(`CPU of 1,000 tokens, ${name}`, 's', seconds / thousands)
}

/** Compiles the code of a system before it is measured. */
async function warmUp(system: System): Promise<void> {
  const clients = await connectClients(system, 10)
  for (let turn = 0; turn < 10; turn += 1)
    await runTurns(system, clients, { streams: 10, tokens: 100, paceMs: 1, spreadMs: 20 })
  for (const client of clients) client.close()
}
