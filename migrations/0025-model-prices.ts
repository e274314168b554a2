import { type Kysely, sql } from 'kysely'

/** What models cost. Rows that are shipped are filled after every `up`; an operator's own are left as they are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists omni2.model_prices (
      model        text primary key,
      input        numeric(14,8) not null check (input >= 0),         -- USD per million tokens, as all of them
      output       numeric(14,8) not null check (output >= 0),
      cache_read   numeric(14,8) not null check (cache_read >= 0),
      cache_write  numeric(14,8) not null check (cache_write >= 0),
      source       text not null,                                     -- where it was read
      read_on      date not null,                                     -- when
      is_shipped   boolean not null default false,                    -- false: an operator's own
      updated_at   timestamptz not null default now()
    );
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table if exists omni2.model_prices`.execute(db)
}
