import type { TurnMessage } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import type { StoredTerminal } from './settle-turn.ts'

/** Ends a turn that was never claimed, because its conversation is busy; undefined when it runs or has ended. */
export async function refuseUnclaimedTurn(
  turn: TurnMessage,
  digest: string,
  terminal: StoredTerminal,
  { db }: Pick<Database, 'db'>,
): Promise<{ ended_at: Date } | undefined> {
  const { rows } = await sql<{ ended_at: Date }>`
    insert into omni2.turns as turn (
      session_id, conversation_id, user_id, source, client_msg_id, user_text, replaces, question_digest,
      status, attempt, result, created_at, ended_at)
    values (
      ${turn.session_id}, ${turn.conversation_id}, ${turn.identity.user_id}, ${turn.source}, ${turn.client_msg_id},
      ${turn.text}, ${turn.replaces}, ${digest}, 'refused', 1, ${JSON.stringify(terminal)}::jsonb, ${turn.accepted_at}, now())
    on conflict (session_id) do update set
      conversation_id = excluded.conversation_id, source = excluded.source,
      client_msg_id = excluded.client_msg_id, user_text = excluded.user_text,
      replaces = excluded.replaces, question_digest = excluded.question_digest, created_at = excluded.created_at,
      status = excluded.status, attempt = turn.attempt + 1, result = excluded.result, ended_at = excluded.ended_at
    where turn.status = 'queued'
    returning ended_at
  `.execute(db)
  return rows[0]
}
