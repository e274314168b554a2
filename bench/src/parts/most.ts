import { connectClients, runTurns } from '../drive/run-turns.ts'
import { quantile } from '../measure/quantile.ts'
import { openSystems } from '../systems/open-systems.ts'
import type { System } from '../systems/system.ts'
import type { Part, PartDeps } from './part.ts'

const tokens = 400
const paceMs = 20
const steps = [100, 150, 200, 250, 300, 350, 400]
/** Beyond these, in milliseconds, a reader notices. */
const bounds = { token: 200, first: 1000 }

/** The highest number of streams that one worker, or one bare server, carries in time. */
export const most: Part = {
  summary: 'most streams at once with p99 of a token at most 200 ms and of the first one at most 1 s',
  minutes: 6,
  async measure(deps) {
    await using systems = await openSystems(deps, ['bare'])
    for (const system of systems.all) {
      const streams = await findMost(system, deps)
      const head = { setting: 'one worker, as shipped', system: system.name }
      deps.add({ ...head, metric: 'streams', unit: '', value: streams })
    }
  },
}

async function findMost(system: System, { say }: Pick<PartDeps, 'say'>): Promise<number> {
  let last = 0
  for (const streams of steps) {
    const clients = await connectClients(system, streams)
    const load = { streams, tokens, paceMs, spreadMs: (tokens * paceMs) / 2 }
    // The first round compiles and fills; the second counts.
    await runTurns(system, clients, load)
    const { tokenMs, firstMs } = await runTurns(system, clients, load)
    for (const client of clients) client.close()
    const [token, first] = [quantile(tokenMs, 0.99), quantile(firstMs, 0.99)]
    say(
      `${system.name}, ${streams} streams: token p99 ${token.toFixed(0)} ms, first p99 ${first.toFixed(0)} ms`,
    )
    if (token > bounds.token || first > bounds.first) return last
    last = streams
  }
  return last
}
