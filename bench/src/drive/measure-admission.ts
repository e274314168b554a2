import { randomUUID } from 'node:crypto'
import { microseconds } from '../measure/clock.ts'
import type { Systems } from '../systems/open-systems.ts'
import type { System } from '../systems/system.ts'
import { writeDirective } from './directive.ts'

export interface Admission {
  /** Milliseconds from the question to its arrival at the model, of every turn. */
  readonly waitMs: number[]
  /** Milliseconds from the question to the first token. */
  readonly firstMs: number[]
}

/** Asks one short question after another, and looks when they arrive at the model. */
export async function measureAdmission(
  system: System,
  { client: number, turns }: { client: number; turns: number },
  { readArrivals }: Pick<Systems, 'readArrivals'>,
): Promise<Admission> {
  const client = await system.connect(number)
  const askedAt = new Map<string, number>()
  const firstMs: number[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    const id = randomUUID()
    const from = microseconds()
    askedAt.set(id, from)
    let hasBegun = false
    await client.ask(writeDirective({ tokens: 3, paceMs: 0, id }), () => {
      if (!hasBegun) firstMs.push((microseconds() - from) / 1000)
      hasBegun = true
    })
  }
  client.close()
  const arrived = await readArrivals()
  const waitMs = [...askedAt].map(([id, from]) => ((arrived.get(id) ?? Number.NaN) - from) / 1000)
  return { waitMs, firstMs }
}
