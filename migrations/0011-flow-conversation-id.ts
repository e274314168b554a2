import { type Kysely, sql } from 'kysely'

/**
 * The conversation of a flow. Nothing depends on column or index, so an operator may drop both by hand;
 * `migrate up` then runs this again, and flows get their conversation back from turns that still have it.
 * A comment marks the column that this migration created; `down` drops only that one, never an older column.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      if not exists (
        select from information_schema.columns
        where table_schema = 'omni2' and table_name = 'interaction_flows' and column_name = 'conversation_id'
      ) then
        alter table omni2.interaction_flows add column conversation_id uuid;
        comment on column omni2.interaction_flows.conversation_id is 'added by migration 0011';

        update omni2.interaction_flows flow
        set conversation_id = turn.conversation_id
        from omni2.turns turn
        where turn.session_id = flow.session_id and turn.conversation_id is not null;
      end if;
    end $$;

    create index if not exists idx_flows_conversation_id on omni2.interaction_flows (conversation_id);
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      if exists (
        select from pg_attribute
        where attrelid = 'omni2.interaction_flows'::regclass and attname = 'conversation_id'
          and col_description(attrelid, attnum) = 'added by migration 0011'
      ) then
        drop index if exists omni2.idx_flows_conversation_id;
        alter table omni2.interaction_flows drop column conversation_id;
      end if;
    end $$
  `.execute(db)
}
