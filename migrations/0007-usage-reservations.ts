import { type Kysely, sql } from 'kysely'

/** What a running turn may still spend, held against its user's limits until the turn settles or it expires. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists omni2.usage_reservations (
      session_id  uuid primary key,
      attempt     integer not null,
      user_id     integer not null,
      amount_usd  numeric(16,8) not null,
      tokens      integer not null,
      requests    integer not null,
      expires_at  timestamptz not null,
      created_at  timestamptz not null default now()
    );

    create index if not exists usage_reservations_by_user on omni2.usage_reservations (user_id);
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table if exists omni2.usage_reservations`.execute(db)
}
