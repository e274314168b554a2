import type { ResultReply, ResultRequest } from '@omni2/contracts'
import { isAcceptedTurnOf, loadTurn, type Database } from '@omni2/db'
import { isEnded } from '../outcome/ended-turn.ts'
import { encodeTerminalFrame } from '../outcome/publish-outcome.ts'

/**
 * Answers `chat.result` from the row of the turn, or before its claim from its first event. A turn of another user gets
 * the same answer as an unknown one.
 */
export async function answerResultRequest(
  { session_id, user_id }: ResultRequest,
  { db }: Pick<Database, 'db'>,
): Promise<ResultReply> {
  const turn = await loadTurn(session_id, { db })
  if (!turn && (await isAcceptedTurnOf(session_id, user_id, { db }))) return { state: 'queued' }
  if (turn?.user_id !== user_id) return { state: 'unknown' }
  const { user_text: question, replaces, question_digest: digest } = turn
  const asked = { question, replaces, digest }
  if (isEnded(turn)) {
    const frame = new TextDecoder().decode(encodeTerminalFrame(turn, { whole: true }))
    return { state: 'ended', frame, asked }
  }
  return turn.status === 'running' ? { state: 'running', attempt: turn.attempt, asked } : { state: 'queued' }
}
