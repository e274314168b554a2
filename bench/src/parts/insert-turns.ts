import type { Database } from '@omni2/db'
import { sql } from 'kysely'

/** Turns of one user that ended, spread over the last 30 days. */
export async function insertTurns(
  count: number,
  userId: number,
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    insert into omni2.turns (session_id, conversation_id, user_id, source, user_text, answer, status, model,
      tokens_input, tokens_output, cost_usd, was_admitted, created_at, started_at, ended_at)
    select gen_random_uuid(), null, ${userId}, 'sse', 'A question', 'An answer of some length', 'done',
      'claude-sonnet-5-5', 200, 300, 0.0034, true, at, at, at
    from (select now() - n * interval '30 days' / ${count}::int as at from generate_series(1, ${count}::int) n) moments
  `.execute(db)
}
