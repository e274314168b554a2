import { type Kysely, sql } from 'kysely'

/** What operators changed, and whom they watch. Changes are kept although users and roles go: nothing refers to them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists omni2.admin_changes (
      id           bigint generated always as identity primary key,
      user_id      integer not null,                          -- who
      role         text not null,                             -- as what
      action       text not null,
      target_type  text not null,
      target_id    text not null,
      before       jsonb,                                     -- null: there was nothing; secrets are masked
      after        jsonb,                                     -- null: there is nothing any more
      request_id   text not null,
      at           timestamptz not null default now()
    );

    create index if not exists admin_changes_by_target on omni2.admin_changes (target_type, target_id, id);
    create index if not exists admin_changes_by_user on omni2.admin_changes (user_id, id);

    create table if not exists omni2.monitored_users (
      user_id     integer primary key,
      started_by  integer not null,
      started_at  timestamptz not null default now(),
      expires_at  timestamptz not null
    );
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop table if exists omni2.monitored_users;
    drop table if exists omni2.admin_changes;
  `.execute(db)
}
