import { TerminalError } from '@omni2/service-kit'
import type { TurnMessage } from '@omni2/contracts'
import { loadTurn, type Database } from '@omni2/db'
import { isEnded } from '../outcome/ended-turn.ts'
import { sendOutcome, type RepeatDeps } from '../outcome/publish-outcome.ts'
import { refuseOtherQuestion } from './refuse-other-question.ts'

/**
 * Publishes the end of an ended turn again, because the first publish may have been lost with its worker. `taken`: it
 * has not ended, and was not claimed because it may not be taken over.
 */
export async function answerEndedTurn(
  turn: TurnMessage,
  { mayTakeOver }: { mayTakeOver: boolean },
  deps: RepeatDeps & { database: Database },
): Promise<'ended' | 'taken'> {
  const row = await loadTurn(turn.session_id, deps.database)
  if (row && (await refuseOtherQuestion(turn, deps, row))) return 'ended'
  if (row && row.user_id === turn.identity.user_id && row.status === 'running' && !mayTakeOver) return 'taken'
  if (!row || row.user_id !== turn.identity.user_id || !isEnded(row))
    throw new TerminalError('internal', 'the turn can neither be claimed nor has it ended')
  await sendOutcome(row, deps)
  return 'ended'
}
