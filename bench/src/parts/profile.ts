import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectClients, runTurns } from '../drive/run-turns.ts'
import { microseconds } from '../measure/clock.ts'
import { drawFlameGraph, type CpuProfile } from '../report/flame-graph.ts'
import { openSystems } from '../systems/open-systems.ts'
import type { Part } from './part.ts'

const load = { streams: 100, tokens: 500, paceMs: 20, spreadMs: 2500 }

/** A file that only this service loads. */
const services = { 'ws-edge': 'ws-edge/src/open-edge.ts', 'chat-worker': 'chat-worker/src/open-worker.ts' }

/** Where the time of an edge and a worker goes. */
export const profile: Part = {
  summary: 'flame graphs of an edge and a worker with 100 streams; measures nothing else',
  minutes: 1,
  async measure({ folder, say, keep }) {
    const profiles = join(folder, 'profiles')
    const options = `--cpu-prof --cpu-prof-dir=${profiles} --cpu-prof-interval=500`
    const systems = await openSystems({ folder, say }, [], { env: { NODE_OPTIONS: options } })
    const clients = await connectClients(systems.ours, load.streams)
    say(`${load.streams} streams of ${load.tokens} tokens, twice`)
    await runTurns(systems.ours, clients, load)
    const from = microseconds()
    await runTurns(systems.ours, clients, load)
    const span = { from, to: microseconds() }
    for (const client of clients) client.close()
    // A process writes its profile when it ends.
    await systems[Symbol.asyncDispose]()
    const texts = await Promise.all(
      (await readdir(profiles)).map((name) => readFile(join(profiles, name), 'utf8')),
    )
    for (const [service, file] of Object.entries(services)) {
      const text = texts.find((each) => each.includes(file))
      if (text === undefined) throw new Error(`${service} wrote no profile`)
      const title = `${service}, ${load.streams} streams of ${load.tokens} tokens at 50 a second`
      await keep(`${service}.svg`, drawFlameGraph(JSON.parse(text) as CpuProfile, span, title))
    }
  },
}
