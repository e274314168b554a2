import type { ResultReply, ResultRequest } from '@omni2/contracts'
import { isAcceptedTurnOf, loadTurn, type Database } from '@omni2/db'
import { encodeTerminalFrame, isEnded } from './announce-end.ts'

/** Answers `chat.result` from the turn's row, before its claim from its first event; somebody else's turn looks like one that nobody knows. */
export async function answerResultRequest(
  { session_id, user_id }: ResultRequest,
  { db }: Pick<Database, 'db'>,
): Promise<ResultReply> {
  const turn = await loadTurn(session_id, { db })
  if (!turn && (await isAcceptedTurnOf(session_id, user_id, { db }))) return { state: 'queued' }
  if (turn?.user_id !== user_id) return { state: 'unknown' }
  if (isEnded(turn)) return { state: 'ended', frame: new TextDecoder().decode(encodeTerminalFrame(turn)) }
  return turn.status === 'running' ? { state: 'running', attempt: turn.attempt } : { state: 'queued' }
}
