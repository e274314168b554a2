import { sql } from 'kysely'
import { measureAdmission } from '../drive/measure-admission.ts'
import { quantile } from '../measure/quantile.ts'
import { openSystems } from '../systems/open-systems.ts'
import { insertTurns } from './insert-turns.ts'
import type { Part } from './part.ts'

const earlier = [10, 1000, 100_000]

/** Whether a busy user waits longer than a new one. */
export const history: Part = {
  summary: 'from the question to the model for users with 10, 1,000 and 100,000 earlier turns',
  minutes: 2,
  async measure({ quick, rounds = quick ? 2 : 5, folder, say, add }) {
    await using systems = await openSystems({ folder, say }, [])
    const { ours } = systems
    for (const [client, count] of earlier.entries())
      await insertTurns(count, ours.userOf(client), ours.database)
    // Every limit of the user is measured, over 30 days.
    await sql`
      insert into omni2.user_usage_limits (user_id, period_days, max_requests, max_tokens, max_cost, is_active)
      select id, 30, 1000000000, 2000000000, 1000000, true from auth_service.users where username like 'bench%'
    `.execute(ours.database.db)
    await sql`vacuum analyze`.execute(ours.database.db)
    for (let round = 0; round <= rounds; round += 1)
      for (const [client, count] of earlier.entries()) {
        const { waitMs } = await measureAdmission(ours, { client, turns: round === 0 ? 50 : 100 }, systems)
        if (round === 0) continue
        const setting = 'one turn at a time'
        say(`${count} earlier turns: round ${round}`)
        const head = { setting, system: `${count} turns`, unit: 'ms' }
        add({ ...head, metric: 'question to model p50', value: quantile(waitMs, 0.5) })
        add({ ...head, metric: 'question to model p99', value: quantile(waitMs, 0.99) })
      }
  },
}
