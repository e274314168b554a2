import type { TurnSource, TurnStatus } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import type { StoredTerminal } from './settle-turn.ts'

/** A turn's row as it answers a resume or a redelivered message. */
export interface StoredTurn {
  session_id: string
  conversation_id: string | null
  user_id: number
  source: TurnSource
  status: TurnStatus
  attempt: number
  user_text: string
  replaces: string | null
  created_at: Date
  ended_at: Date | null
  terminal: StoredTerminal | null
}

/** Columns of a StoredTurn, for queries that return one. */
export const storedTurnColumns = sql`
  session_id, conversation_id, user_id, source, status, attempt, user_text, replaces, created_at, ended_at, result as terminal`

/** With what its question is known by; null until a worker has seen its message. */
export interface LoadedTurn extends StoredTurn {
  question_digest: string | null
}

/** Reads one turn; undefined when there is none. */
export async function loadTurn(
  turnId: string,
  { db }: Pick<Database, 'db'>,
): Promise<LoadedTurn | undefined> {
  const { rows } = await sql<LoadedTurn>`
    select ${storedTurnColumns}, question_digest from omni2.turns where session_id = ${turnId}
  `.execute(db)
  return rows[0]
}
