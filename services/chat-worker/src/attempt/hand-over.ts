import { withDeadline, type Logger } from '@omni2/service-kit'
import type { Config } from '../config.ts'
import type { Budget } from '../limits/budget.ts'
import type { Transcript } from '../transcript/transcript.ts'

interface HandOverDeps {
  budget: Pick<Budget, 'giveBack'>
  config: Pick<Config, 'SHUTDOWN_DEADLINE_MS'>
  log: Pick<Logger, 'warn'>
}

/** The part of the shutdown deadline for the handover: half of the time that is left after running turns had theirs. */
const handOverShare = 0.1

/**
 * Leaves a running turn to another worker. The turn is charged what this attempt spent, not all that it reserved. Never
 * rejects. If Postgres does not answer in time, the turn is charged the whole reservation, as after a crash.
 */
export async function handOver({ usage }: Transcript, { budget, config, log }: HandOverDeps): Promise<void> {
  const ms = config.SHUTDOWN_DEADLINE_MS * handOverShare
  await withDeadline(budget.giveBack(usage), { ms }).catch((error: unknown) =>
    log.warn({ err: error }, 'all that was reserved for a left turn is charged'),
  )
}
