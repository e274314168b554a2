import { type Kysely, sql } from 'kysely'

/**
 * Tokens of attempts that died count beside their cost, and only turns that were admitted are requests; what a user used is
 * still answered from one index alone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table omni2.turns
      add column if not exists abandoned_tokens integer not null default 0,
      add column if not exists was_admitted boolean not null default false;

    update omni2.turns set was_admitted = true
      where ended_at is not null and (status not in ('refused', 'blocked') or abandoned_cost_usd > 0);

    create index if not exists turns_usage_by_user
      on omni2.turns (user_id, ended_at)
      include (was_admitted, cost_usd, abandoned_cost_usd, tokens_input, tokens_output, abandoned_tokens)
      where ended_at is not null;

    drop index if exists omni2.turns_spent_by_user;

    -- What was edited in a conversation: rarely anything, so its history need not look at every turn for it.
    create index if not exists turns_replacing on omni2.turns (conversation_id) where replaces is not null;
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index if not exists turns_spent_by_user
      on omni2.turns (user_id, ended_at)
      include (status, cost_usd, abandoned_cost_usd, tokens_input, tokens_output)
      where ended_at is not null;

    drop index if exists omni2.turns_replacing;
    drop index if exists omni2.turns_usage_by_user;
    alter table omni2.turns drop column if exists abandoned_tokens, drop column if exists was_admitted;
  `.execute(db)
}
