import { type Kysely, sql } from 'kysely'

/** What the model declined to answer leaves the history that it is given; the question would be declined again and again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table omni2.turns add column if not exists was_declined boolean not null default false;

    update omni2.turns set was_declined = true
      where status = 'done' and result #>> '{body,result,stop_reason}' = 'refusal' and not was_declined;
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table omni2.turns drop column if exists was_declined`.execute(db)
}
