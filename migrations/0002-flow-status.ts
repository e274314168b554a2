import { type Kysely, sql } from 'kysely'

/** How a flow ended, beside its events, and the index behind "this user's flows, newest first". */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table omni2.interaction_flows
      add column if not exists status varchar(20);       -- null in rows of the older system

    create index if not exists idx_flows_user_created
      on omni2.interaction_flows (user_id, created_at);
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index if exists omni2.idx_flows_user_created;
    alter table omni2.interaction_flows drop column if exists status;
  `.execute(db)
}
