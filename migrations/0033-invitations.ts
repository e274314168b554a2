import { type Kysely, sql } from 'kysely'

/**
 * Invitations, by their SHA-256: who holds one sets the password of its account, once. An account has one at most; a
 * new one takes the place of the one before.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists auth_service.invitations (
      user_id      integer primary key references auth_service.users (id) on delete cascade,
      token_hash   bytea not null unique,
      invited_by   integer not null,
      created_at   timestamptz not null default now(),
      expires_at   timestamptz not null
    );
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table if exists auth_service.invitations`.execute(db)
}
