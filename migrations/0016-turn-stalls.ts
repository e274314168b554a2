import { type Kysely, sql } from 'kysely'

/**
 * Which turns stopped the event loop of a worker. A table of its own: the worker that stands still may hold the lock of
 * the turn's row.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists omni2.turn_stalls (
      session_id  uuid not null,
      worker      text not null,
      stalled_at  timestamptz not null default clock_timestamp(),
      primary key (session_id, stalled_at)
    );
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table if exists omni2.turn_stalls`.execute(db)
}
