import { type Kysely, sql } from 'kysely'

/** A declined turn is left out of the history for the model, which would otherwise decline again and again. */
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
