import { type Kysely, sql } from 'kysely'

/** Single-use tickets for a socket, by their SHA-256; redeeming one deletes its row. A login of any kind has them, so sid has no row to refer to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists auth_service.tickets (
      ticket_hash      bytea primary key,
      user_id          integer not null,
      sid              uuid not null,
      login_ends_at    timestamptz not null,
      created_at       timestamptz not null default now(),
      expires_at       timestamptz not null
    );

    create index if not exists tickets_by_end on auth_service.tickets (expires_at);
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table if exists auth_service.tickets`.execute(db)
}
