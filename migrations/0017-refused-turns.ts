import { type Kysely, sql } from 'kysely'

/** What was refused before anything ran, by its end: it is deleted after a while. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index if not exists turns_refused_by_end
      on omni2.turns (ended_at) where status in ('refused', 'blocked') and not was_admitted
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index if exists omni2.turns_refused_by_end`.execute(db)
}
