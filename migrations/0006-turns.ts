import { type Kysely, sql } from 'kysely'

/**
 * One row decides a turn: a worker owns it by claiming the row and ends it by settling the row. The row is also
 * the history given to the model, the stored result that resume answers from, and what spending is summed from.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists omni2.turns (
      session_id           uuid primary key,
      conversation_id      uuid,                              -- null: came over SSE
      user_id              integer not null,
      source               varchar(20) not null check (source in ('ws', 'sse')),
      client_msg_id        text,
      user_text            text not null default '',
      replaces             uuid,                              -- the turn this one edits or regenerates
      status               text not null check (status in
                             ('queued', 'running', 'done', 'error', 'cancelled', 'interrupted', 'refused', 'blocked')),
      attempt              integer not null default 0,        -- the fence: a settle must name the current one
      claimed_by           text,
      deadline_at          timestamptz,
      cancel_requested_at  timestamptz,
      tool_intents         jsonb not null default '[]',
      answer               text,
      result               jsonb,
      model                text,
      tokens_input         integer,                           -- everything the model read, cached included
      tokens_output        integer,
      tokens_cache_read    integer,
      tokens_cache_write   integer,
      cost_usd             numeric(16,8),
      estimated            boolean not null default false,
      abandoned_cost_usd   numeric(16,8) not null default 0,  -- estimated spend of attempts that died
      created_at           timestamptz not null default now(),  -- accepted
      started_at           timestamptz,
      ended_at             timestamptz,
      constraint turns_ended_when_settled check ((ended_at is null) = (status in ('queued', 'running')))
    );

    -- The lease of a conversation: at most one of its turns runs.
    create unique index if not exists turns_one_running_per_conversation
      on omni2.turns (conversation_id) where status = 'running' and conversation_id is not null;

    -- A conversation's history, a user's turns.
    create index if not exists turns_by_conversation on omni2.turns (conversation_id, created_at);
    create index if not exists turns_by_user on omni2.turns (user_id, created_at);

    -- Running turns: for the sweep, and for counting a user's concurrent turns.
    create index if not exists turns_live_by_deadline on omni2.turns (deadline_at) where ended_at is null;
    create index if not exists turns_live_by_user on omni2.turns (user_id) where ended_at is null;

    -- Recently ended turns: for the search for ends that were not recorded.
    create index if not exists turns_by_end on omni2.turns (ended_at) where ended_at is not null;

    -- What a user spent since a day began, answered from the index alone.
    create index if not exists turns_spent_by_user
      on omni2.turns (user_id, ended_at)
      include (status, cost_usd, abandoned_cost_usd, tokens_input, tokens_output)
      where ended_at is not null;
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table if exists omni2.turns`.execute(db)
}
