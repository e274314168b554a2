import { type Kysely, sql } from 'kysely'

/** Logins (`sid` in the token), so that one of them can be revoked before its token expires. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists auth_service.sessions (
      sid         uuid primary key,
      user_id     integer not null,
      created_at  timestamptz not null default now(),
      expires_at  timestamptz not null,
      revoked_at  timestamptz
    );

    create index if not exists sessions_by_user on auth_service.sessions (user_id);
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table if exists auth_service.sessions`.execute(db)
}
