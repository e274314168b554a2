import { setTimeout as sleep } from 'node:timers/promises'
import { microseconds, readStamps } from '../measure/clock.ts'
import { idleShare, readCpu, readMachine, subtractCpu } from '../measure/read-cpu.ts'
import type { ChatClient, System } from '../systems/system.ts'
import { writeDirective } from './directive.ts'

export interface Load {
  readonly streams: number
  readonly tokens: number
  readonly paceMs: number
  /** Milliseconds over which the turns begin, one after another. */
  readonly spreadMs: number
}

export interface LoadResult {
  /** Milliseconds from the model to the client, of every token. */
  readonly tokenMs: number[]
  /** Milliseconds from the question to the first token, of every turn. */
  readonly firstMs: number[]
  readonly cpu: ReturnType<typeof subtractCpu>
  readonly idle: number
}

/** What comes after the end of a turn (its record) belongs to it, too. */
const afterMs = 500

/** Connects clients, one stream each. */
export async function connectClients(system: System, count: number): Promise<ChatClient[]> {
  const clients: ChatClient[] = []
  for (let client = 0; client < count; client += 1) clients.push(await system.connect(client))
  return clients
}

/** One turn for each client. Every token that the model sends is measured, whatever became of the one before it. */
export async function runTurns(
  system: System,
  clients: readonly ChatClient[],
  load: Load,
): Promise<LoadResult> {
  const tokenMs: number[] = []
  const firstMs: number[] = []
  const text = writeDirective(load)
  const before = { cpu: await readCpu(system.roots), machine: await readMachine() }
  const asking = clients.map(async (client, index) => {
    await sleep((index / clients.length) * load.spreadMs)
    const askedAt = microseconds()
    let hasBegun = false
    await client.ask(text, (piece) => {
      const now = microseconds()
      if (!hasBegun) firstMs.push((now - askedAt) / 1000)
      hasBegun = true
      for (const stamp of readStamps(piece)) tokenMs.push((now - stamp) / 1000)
    })
  })
  await Promise.all(asking)
  const machine = await readMachine()
  await sleep(afterMs)
  const cpu = subtractCpu(await readCpu(system.roots), before.cpu)
  if (tokenMs.length !== clients.length * load.tokens)
    throw new Error(`${system.name}: ${tokenMs.length} tokens came of ${clients.length * load.tokens}`)
  return { tokenMs, firstMs, cpu, idle: idleShare(before.machine, machine) }
}
