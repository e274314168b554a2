import { type Kysely, sql } from 'kysely'

/** What was called in a turn is shown with its answer, also long afterwards. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index if not exists user_activities_by_session on omni2.user_activities (session_id, sequence_num)
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index if exists omni2.user_activities_by_session`.execute(db)
}
