import { withDeadline, type Logger } from '@omni2/service-kit'
import type { Config } from '../config.ts'
import type { Budget } from '../limits/budget.ts'
import type { Transcript } from '../transcript/transcript.ts'

interface HandOverDeps {
  budget: Pick<Budget, 'giveBack'>
  config: Pick<Config, 'SHUTDOWN_DEADLINE_MS'>
  log: Pick<Logger, 'warn'>
}

/** Part of the shutdown deadline that it may take: half of what is left when running turns have had theirs. */
const handOverShare = 0.1

/**
 * Leaves a running turn to another worker: charged to it is what this attempt spent, and not all that it might have. Never
 * rejects; where Postgres does not answer in time all that is reserved is charged, as if this worker had died.
 */
export async function handOver({ usage }: Transcript, { budget, config, log }: HandOverDeps): Promise<void> {
  const ms = config.SHUTDOWN_DEADLINE_MS * handOverShare
  await withDeadline(budget.giveBack(usage), { ms }).catch((error: unknown) =>
    log.warn({ err: error }, 'all that was reserved for a left turn is charged'),
  )
}
