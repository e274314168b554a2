import { type Kysely, sql } from 'kysely'

/** What a user sees in the list of conversations; deleting one hides it and keeps its turns for the accounts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists omni2.conversations (
      conversation_id  uuid primary key,
      user_id          integer not null,
      title            text,
      created_at       timestamptz not null default now(),
      updated_at       timestamptz not null default now(),
      deleted_at       timestamptz
    );

    create index if not exists conversations_by_user
      on omni2.conversations (user_id, updated_at) where deleted_at is null;
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table if exists omni2.conversations`.execute(db)
}
