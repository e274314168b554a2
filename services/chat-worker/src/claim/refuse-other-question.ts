import { makeQuestionDigest, subjects, type Mismatch, type TurnMessage } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import { loadTurn, type Database, type LoadedTurn } from '@omni2/db'

interface RefuseDeps {
  bus: Pick<Bus, 'publish'>
  database: Pick<Database, 'db'>
}

/**
 * Refuses a message that came under the id of a turn which asks something else: the edge that sent it hears so, the turn
 * stays as it is. False where it asks the same, or nobody knows. Only a message that is older than the stream's window
 * gets this far; edges refuse the others.
 */
export async function refuseOtherQuestion(
  turn: TurnMessage,
  { bus, database }: RefuseDeps,
  known?: LoadedTurn,
): Promise<boolean> {
  const row = known ?? (await loadTurn(turn.session_id, database))
  if (!row || row.user_id !== turn.identity.user_id || row.question_digest === null) return false
  const digest = makeQuestionDigest(turn)
  if (row.question_digest === digest) return false
  const mismatch: Mismatch = { session_id: turn.session_id, digest }
  bus.publish(subjects.mismatch(turn), JSON.stringify(mismatch))
  return true
}
