import { sql } from 'kysely'
import type { Database } from '@omni2/db'

export const userId = 1

/** Turns of the user in its period, of everybody else, and of the conversation that goes on. */
const seeded = { ownTurns: 300, othersTurns: 50_000, conversationTurns: 20 }

/** A user with every kind of limit, a busy week behind them and a busy system around them. */
export async function seedUser(conversationId: string, { db }: Pick<Database, 'db'>): Promise<void> {
  await sql`
    insert into auth_service.roles (id, name, mcp_access, tool_restrictions, rate_limit, cost_limit_daily)
      values (1, 'developer', '{*}', '{"files": ["read_*"]}', 100000, 100000);
    insert into auth_service.users (id, username, name, role_id, active) values (1, 'ada', 'Ada', 1, true);
    insert into omni2.user_usage_limits (user_id, period_days, max_requests, max_tokens, max_cost)
      values (1, 7, 1000000, 1000000000, 100000);
    insert into omni2.mcp_servers (name, url, status) values ('files', 'http://x', 'active'), ('mail', 'http://y', 'active');
    insert into omni2.omni2_config (config_key, config_value) values ('limits.default', '{"concurrent_turns": 20}');
  `.execute(db)
  await insertTurns(
    seeded.othersTurns,
    { user: sql`1000 + n % 500`, conversation: sql`null`, every: '1 minute' },
    db,
  )
  const user = sql`${userId}::int`
  await insertTurns(seeded.ownTurns, { user, conversation: sql`null`, every: '30 minutes' }, db)
  const conversation = sql`${conversationId}::uuid`
  await insertTurns(seeded.conversationTurns, { user, conversation, every: '1 minute' }, db)
  await sql`vacuum analyze`.execute(db)
}

interface SeededTurns {
  user: ReturnType<typeof sql>
  conversation: ReturnType<typeof sql>
  /** Time from one to the next, back from now. */
  every: string
}

async function insertTurns(
  count: number,
  { user, conversation, every }: SeededTurns,
  db: Database['db'],
): Promise<void> {
  await sql`
    insert into omni2.turns (session_id, conversation_id, user_id, source, user_text, answer, status,
      tokens_input, tokens_output, cost_usd, was_admitted, created_at, ended_at)
    select gen_random_uuid(), ${conversation}, ${user}, 'ws', 'A question', 'An answer of some length', 'done',
      200, 300, 0.0034, true, now() - n * ${every}::interval, now() - n * ${every}::interval
    from generate_series(1, ${count}::int) n
  `.execute(db)
}
