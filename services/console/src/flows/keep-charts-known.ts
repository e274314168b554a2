import { setTimeout as delay } from 'node:timers/promises'
import { type Database, listFlowBuckets } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import { keptMs, type KnownSteps } from '../request/known-steps.ts'
import { chooseStep, mostSteps } from './choose-step.ts'
import { ofActor } from './read-flows.ts'

interface Deps {
  readonly database: Pick<Database, 'db'>
  readonly knownSteps: Pick<KnownSteps, 'refresh'>
  readonly stopping: AbortSignal
  readonly log: Pick<Logger, 'warn'>
}

const dayMs = 24 * 3_600_000
/** Ranges of the flow history that take long to sum, in days. */
const longRanges = [7, 30]
/** Before what is known is forgotten. */
const intervalMs = (keptMs * 2) / 3

/** Sums the charts of weeks of all turns before an operator looks at them, again and again until `stopping`. */
export async function keepChartsKnown(deps: Deps): Promise<void> {
  while (!deps.stopping.aborted) {
    try {
      for (const days of longRanges) await readChart(days, deps)
    } catch (err) {
      deps.log.warn({ err }, 'charts not read ahead')
    }
    await delay(intervalMs, undefined, { signal: deps.stopping, ref: false }).catch(() => {})
  }
}

/** Day after day, so that no query takes long. */
async function readChart(days: number, { database, knownSteps, stopping }: Deps): Promise<void> {
  const stepSeconds = chooseStep(days * dayMs)
  const until = Math.ceil(Date.now() / dayMs) * dayMs
  for (let since = until - (days + 1) * dayMs; since < until && !stopping.aborted; since += dayMs) {
    const range = { since: new Date(since), until: new Date(since + dayMs) }
    const filter = { ...ofActor({}, { userId: 0, isOperator: true }), ...range }
    await knownSteps.refresh({ filter, stepSeconds }, () =>
      listFlowBuckets(filter, { stepSeconds, most: mostSteps + 2 }, database),
    )
  }
}
