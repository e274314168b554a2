import type { TurnMessage } from '@omni2/contracts'
import { loadTurn, settleTurn, type Database } from '@omni2/db'
import { listToolActivities } from './list-tool-activities.ts'
import { isEnded, type EndedTurn } from './ended-turn.ts'
import { isRefused } from './publish-outcome.ts'
import { cutText } from './cut-text.ts'
import type { TurnOutcome } from './make-outcome.ts'
import { countInput } from '../prices.ts'
import { roomForTools } from './room-for-tools.ts'

interface Settling {
  attempt: number
  /** Number of the terminal frame. */
  seq: number
}

/** Settles a turn with its outcome; undefined when a newer attempt or an end came first. */
export async function settleOutcome(
  turn: TurnMessage,
  outcome: TurnOutcome,
  { attempt, seq }: Settling,
  { db }: Pick<Database, 'db'>,
): Promise<EndedTurn | undefined> {
  const { result, usage, tools = [], isDeclined = false } = outcome
  const room = roomForTools({ question: turn.text, answer: result?.answer ?? '' })
  const terminal = {
    ...outcome.terminal,
    seq,
    ...(tools.length > 0 && { activities: listToolActivities(tools, room) }),
  }
  const settled = await settleTurn(
    {
      session_id: turn.session_id,
      attempt,
      status: outcome.status,
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
  return settled && makeEndedTurn(turn, outcome.status, { attempt, terminal, endedAt: settled.ended_at })
}

/** The end of the turn, if this attempt ended it. */
export async function findOwnEnd(
  { session_id }: TurnMessage,
  attempt: number,
  { db }: Pick<Database, 'db'>,
): Promise<EndedTurn | undefined> {
  const row = await loadTurn(session_id, { db })
  return row && row.attempt === attempt && isEnded(row) ? row : undefined
}

/** The ended row as a later read returns it. */
export const makeEndedTurn = (
  turn: TurnMessage,
  status: TurnOutcome['status'],
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
