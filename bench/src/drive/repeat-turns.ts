import { setTimeout as sleep } from 'node:timers/promises'
import { microseconds } from '../measure/clock.ts'
import { idleShare, readCpu, readMachine, subtractCpu } from '../measure/read-cpu.ts'
import type { ChatClient, System } from '../systems/system.ts'
import { writeDirective, type Directive } from './directive.ts'

export interface RepeatResult {
  readonly count: number
  readonly seconds: number
  /** Milliseconds from the question to the end, of every turn. */
  readonly turnMs: number[]
  readonly cpu: ReturnType<typeof subtractCpu>
  readonly idle: number
}

/** Records come within this time after the end of their turns. */
const afterMs = 1000

/** Each client asks again as soon as it is answered, for `lengthMs`. */
export async function repeatTurns(
  system: System,
  clients: readonly ChatClient[],
  { lengthMs, ...directive }: Pick<Directive, 'tokens' | 'paceMs'> & { readonly lengthMs: number },
): Promise<RepeatResult> {
  const text = writeDirective(directive)
  const turnMs: number[] = []
  const before = { cpu: await readCpu(system.roots), machine: await readMachine() }
  const startedAt = microseconds()
  const endsAt = startedAt + lengthMs * 1000
  const asking = clients.map(async (client) => {
    while (microseconds() < endsAt) {
      const askedAt = microseconds()
      await client.ask(text, () => {})
      turnMs.push((microseconds() - askedAt) / 1000)
    }
  })
  await Promise.all(asking)
  const seconds = (microseconds() - startedAt) / 1_000_000
  const machine = await readMachine()
  await sleep(afterMs)
  const cpu = subtractCpu(await readCpu(system.roots), before.cpu)
  return { count: turnMs.length, seconds, turnMs, cpu, idle: idleShare(before.machine, machine) }
}
