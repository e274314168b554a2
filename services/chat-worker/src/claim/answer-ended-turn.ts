import { TerminalError } from '@omni2/service-kit'
import type { TurnMessage } from '@omni2/contracts'
import { loadTurn, type Database } from '@omni2/db'
import { isEnded } from '../outcome/ended-turn.ts'
import { sendOutcome, type RepeatDeps } from '../outcome/publish-outcome.ts'
import { refuseOtherQuestion } from './refuse-other-question.ts'

/** Publishes the end of an ended turn again, because the first publish may have been lost with its worker. */
export async function answerEndedTurn(
  turn: TurnMessage,
  deps: RepeatDeps & { database: Database },
): Promise<'ended'> {
  const row = await loadTurn(turn.session_id, deps.database)
  if (row && (await refuseOtherQuestion(turn, deps, row))) return 'ended'
  if (!row || row.user_id !== turn.identity.user_id || !isEnded(row))
    throw new TerminalError('internal', 'the turn can neither be claimed nor has it ended')
  await sendOutcome(row, deps)
  return 'ended'
}
