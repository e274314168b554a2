import type { TurnMessage } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import type { Database } from '@omni2/db'
import { announceEnd, type AnnounceDeps } from '../outcome/announce-end.ts'
import { FlowLog } from '../record/flow-log.ts'
import { makeInternalEnding } from '../outcome/make-ending.ts'
import { settleEnding } from '../outcome/settle-ending.ts'
import { error } from '../steps/error.ts'

/** Ends a turn that is not tried again, for a reason that is recorded; its message is for the dead letters. */
export async function endExhaustedTurn(
  turn: TurnMessage,
  { attempt, reason }: { attempt: number; reason: string },
  deps: AnnounceDeps & { bus: Pick<Bus, 'publishDurably'>; database: Database },
): Promise<'exhausted' | 'superseded'> {
  const ending = makeInternalEnding()
  const log = new FlowLog(turn, attempt, deps.bus)
  log.record('error', error(ending, reason))
  await log.stored()
  const ended = await settleEnding(turn, ending, { attempt, seq: 1 }, deps.database)
  if (!ended) return 'superseded'
  await announceEnd(ended, ending, deps)
  return 'exhausted'
}
