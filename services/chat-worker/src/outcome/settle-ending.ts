import type { TurnMessage } from '@omni2/contracts'
import { loadTurn, settleTurn, type Database } from '@omni2/db'
import { listToolActivities } from './list-tool-activities.ts'
import { isEnded, type EndedTurn } from './ended-turn.ts'
import { isRefused } from './announce-end.ts'
import { cutText } from './cut-text.ts'
import type { TurnEnding } from './make-ending.ts'
import { countInput } from '../prices.ts'
import { roomForTools } from './room-for-tools.ts'

interface Settling {
  attempt: number
  /** Number of the terminal frame. */
  seq: number
}

/** Settles a turn with its ending; undefined when a newer attempt or an end came first. */
export async function settleEnding(
  turn: TurnMessage,
  ending: TurnEnding,
  { attempt, seq }: Settling,
  { db }: Pick<Database, 'db'>,
): Promise<EndedTurn | undefined> {
  const { result, usage, tools = [], isDeclined = false } = ending
  const room = roomForTools({ question: turn.text, answer: result?.answer ?? '' })
  const terminal = {
    ...ending.terminal,
    seq,
    ...(tools.length > 0 && { activities: listToolActivities(tools, room) }),
  }
  const settled = await settleTurn(
    {
      session_id: turn.session_id,
      attempt,
      status: ending.status,
      answer: result?.answer ?? null,
      terminal,
      model: result?.model ?? null,
      tokens: usage ? { ...usage, input: countInput(usage) } : null,
      cost_usd: result?.cost_usd ?? 0,
      estimated: usage?.estimated ?? false,
      was_declined: isDeclined,
    },
    { db },
  )
  return settled && makeEndedTurn(turn, ending.status, { attempt, terminal, endedAt: settled.ended_at })
}

/** The turn's end if it was this attempt that ended it. */
export async function findOwnEnd(
  { session_id }: TurnMessage,
  attempt: number,
  { db }: Pick<Database, 'db'>,
): Promise<EndedTurn | undefined> {
  const row = await loadTurn(session_id, { db })
  return row && row.attempt === attempt && isEnded(row) ? row : undefined
}

/** The ended row as `tellEnd` would read it back. */
export const makeEndedTurn = (
  turn: TurnMessage,
  status: TurnEnding['status'],
  { attempt, terminal, endedAt }: { attempt: number; terminal: EndedTurn['terminal']; endedAt: Date },
): EndedTurn => ({
  session_id: turn.session_id,
  conversation_id: turn.conversation_id,
  user_id: turn.identity.user_id,
  source: turn.source,
  status,
  attempt,
  user_text: isRefused({ status }) ? cutText(turn.text) : turn.text,
  replaces: turn.replaces,
  created_at: new Date(turn.accepted_at),
  ended_at: endedAt,
  terminal,
})
