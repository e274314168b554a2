import { type Kysely, sql } from 'kysely'

/** A turn that came over SSE belongs to no conversation, and neither do its activities. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table omni2.user_activities alter column conversation_id drop not null
  `.execute(db)
}

/** Tightens the column again unless rows without a conversation stand in the way: they are kept. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      if not exists (select from omni2.user_activities where conversation_id is null) then
        alter table omni2.user_activities alter column conversation_id set not null;
      end if;
    end $$
  `.execute(db)
}
