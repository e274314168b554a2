import { type Kysely, sql } from 'kysely'

/** Where the message of a running turn is acknowledged: other workers return it to the queue if its worker died. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table omni2.turns add column if not exists ack_subject text`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table omni2.turns drop column if exists ack_subject`.execute(db)
}
