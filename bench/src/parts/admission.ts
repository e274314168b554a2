import { measureAdmission } from '../drive/measure-admission.ts'
import { quantile } from '../measure/quantile.ts'
import { openSystems } from '../systems/open-systems.ts'
import type { Part } from './part.ts'

const warmTurns = 100

/** How long a question takes from the client to the model, one at a time. */
export const admission: Part = {
  summary: 'from the question to the request at the model, one turn at a time',
  minutes: 1,
  async measure({ quick, rounds = quick ? 1 : 3, say, add, folder }) {
    await using systems = await openSystems({ folder, say }, ['bare', 'socket.io'])
    const measured = quick ? 100 : 300
    for (let round = 0; round <= rounds; round += 1)
      for (const system of systems.all) {
        const turns = round === 0 ? warmTurns : measured
        const { waitMs, firstMs } = await measureAdmission(system, { client: 0, turns }, systems)
        if (round === 0) continue
        const head = { setting: 'one turn at a time', system: system.name, unit: 'ms' }
        say(`one turn at a time: ${system.name}`)
        add({ ...head, metric: 'question to model p50', value: quantile(waitMs, 0.5) })
        add({ ...head, metric: 'question to model p99', value: quantile(waitMs, 0.99) })
        add({ ...head, metric: 'first token p50', value: quantile(firstMs, 0.5) })
        add({ ...head, metric: 'first token p99', value: quantile(firstMs, 0.99) })
      }
  },
}
