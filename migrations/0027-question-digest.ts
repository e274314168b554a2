import { type Kysely, sql } from 'kysely'

/** What a turn asks, in 16 bytes: its text may be cut, and the same id with another question is refused. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table omni2.turns add column if not exists question_digest uuid`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table omni2.turns drop column if exists question_digest`.execute(db)
}
