import { makeQuestionDigest, subjects, type Mismatch, type TurnMessage } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import { loadTurn, type Database, type LoadedTurn } from '@omni2/db'

interface RefuseDeps {
  bus: Pick<Bus, 'publish'>
  database: Pick<Database, 'db'>
}

/**
 * Refuses a message with the id of a turn that asks another question. The edge that sent it gets the refusal, and the
 * turn does not change. Returns false if the question is the same or unknown. Edges refuse such messages within the
 * deduplication window of the stream; only later ones get this far.
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
