import { type Kysely, sql } from 'kysely'

/**
 * Refresh tokens by their SHA-256, never as they are. A used one stays as long as its login, so that its second use is
 * noticed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists auth_service.refresh_tokens (
      token_hash  bytea primary key,
      sid         uuid not null references auth_service.sessions (sid) on delete cascade,
      created_at  timestamptz not null default now(),
      expires_at  timestamptz not null,
      used_at     timestamptz
    );

    create index if not exists refresh_tokens_by_sid on auth_service.refresh_tokens (sid);
    create index if not exists sessions_by_end on auth_service.sessions (expires_at);
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index if exists auth_service.sessions_by_end;
    drop table if exists auth_service.refresh_tokens;
  `.execute(db)
}
