import { type Kysely, sql } from 'kysely'

/** Every reservation is one request, so their number says it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table omni2.usage_reservations drop column if exists requests`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table omni2.usage_reservations add column if not exists requests integer not null default 1
  `.execute(db)
}
