import { type Kysely, sql } from 'kysely'

/** Every checkpoint as it was recorded, in whatever order it came; `interaction_flows` is rebuilt from here. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists omni2.flow_events (
      session_id       uuid not null,
      attempt          integer not null,                  -- 0: recorded by the edge
      ordinal          integer not null,
      user_id          integer not null,
      conversation_id  uuid,                              -- null: came over SSE
      source           varchar(20) not null,
      node_id          text not null,
      parent_id        text,
      event_type       text not null,
      outcome          text not null,
      occurred_at      timestamptz not null,
      data             jsonb not null,
      recorded_at      timestamptz not null default now(),
      primary key (session_id, attempt, ordinal)
    );

    create index if not exists flow_events_by_user on omni2.flow_events (user_id, occurred_at);
    -- For the search for accepted turns that no worker ever claimed.
    create index if not exists flow_events_accepted on omni2.flow_events (recorded_at) where event_type = 'accepted';
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table if exists omni2.flow_events`.execute(db)
}
