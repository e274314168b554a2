import { errorCodes, makeQuestionDigest, type TurnMessage } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import { refuseUnclaimedTurn, type Database } from '@omni2/db'
import { publishOutcome, type AnnounceDeps } from '../outcome/publish-outcome.ts'
import { answerEndedTurn } from './answer-ended-turn.ts'
import { cutText } from '../outcome/cut-text.ts'
import { FlowLog, flowOwnerOf } from '../record/flow-log.ts'
import { makeEndedTurn } from '../outcome/settle-outcome.ts'

/** Refuses a turn because another turn of its conversation runs. */
export async function refuseBusyTurn(
  turn: TurnMessage,
  deps: AnnounceDeps & { bus: Pick<Bus, 'publishDurably'>; database: Database },
): Promise<'ended' | 'taken'> {
  const code = 'conversation_busy'
  const status = 'refused'
  const terminal = { type: 'error', seq: 1, body: { error: errorCodes[code].text, code } } as const
  const log = new FlowLog(flowOwnerOf(turn), 1, deps.bus)
  log.record('error', { outcome: 'refused', data: { code } })
  await log.stored()
  const kept = { ...turn, text: cutText(turn.text) }
  const settled = await refuseUnclaimedTurn(kept, makeQuestionDigest(turn), terminal, deps.database)
  if (!settled) return answerEndedTurn(turn, { mayTakeOver: true }, deps)
  await publishOutcome(
    makeEndedTurn(turn, status, { attempt: 1, terminal, endedAt: settled.ended_at }),
    {},
    deps,
  )
  return 'ended'
}
