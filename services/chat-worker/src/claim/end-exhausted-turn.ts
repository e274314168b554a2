import type { TurnMessage } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import type { Database } from '@omni2/db'
import { publishOutcome, type AnnounceDeps } from '../outcome/publish-outcome.ts'
import { FlowLog, flowOwnerOf } from '../record/flow-log.ts'
import { makeInternalOutcome } from '../outcome/make-outcome.ts'
import { settleOutcome } from '../outcome/settle-outcome.ts'
import { error } from '../steps/error.ts'

/** Ends a turn that is not tried again, and records the reason. Its message goes to the dead letters. */
export async function endExhaustedTurn(
  turn: TurnMessage,
  { attempt, reason }: { attempt: number; reason: string },
  deps: AnnounceDeps & { bus: Pick<Bus, 'publishDurably'>; database: Database },
): Promise<'exhausted' | 'superseded'> {
  const outcome = makeInternalOutcome()
  const log = new FlowLog(flowOwnerOf(turn), attempt, deps.bus)
  log.record('error', error(outcome, reason))
  await log.stored()
  const ended = await settleOutcome(turn, outcome, { attempt, seq: 1 }, deps.database)
  if (!ended) return 'superseded'
  await publishOutcome(ended, outcome, deps)
  return 'exhausted'
}
