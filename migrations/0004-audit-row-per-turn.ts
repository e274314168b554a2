import { type Kysely, sql } from 'kysely'

/** One audit row a turn, with what it cost. Rows of the older system have no session_id and stay as they are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table omni2.audit_logs
      add column if not exists session_id       uuid,
      add column if not exists conversation_id  uuid,
      add column if not exists model            text,
      add column if not exists outcome          varchar(20),
      add column if not exists tokens_input     integer,       -- everything the model read, cached included
      add column if not exists tokens_output    integer,
      add column if not exists tokens_cached    integer,
      add column if not exists cost_usd         numeric(16,8),
      add column if not exists estimated        boolean not null default false;

    create unique index if not exists audit_logs_one_per_turn
      on omni2.audit_logs (session_id) where session_id is not null;
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index if exists omni2.audit_logs_one_per_turn;

    alter table omni2.audit_logs
      drop column if exists session_id,
      drop column if exists conversation_id,
      drop column if exists model,
      drop column if exists outcome,
      drop column if exists tokens_input,
      drop column if exists tokens_output,
      drop column if exists tokens_cached,
      drop column if exists cost_usd,
      drop column if exists estimated;
  `.execute(db)
}
