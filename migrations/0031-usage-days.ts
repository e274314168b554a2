import { type Kysely, sql } from 'kysely'

/**
 * What the ended turns of a user used on a UTC day, by model, kept by the database itself with each turn that ends: a
 * limit over a period then reads a row a day, however many turns there were. A turn that used nothing has no part.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists omni2.usage_days (
      user_id integer not null,
      day date not null,
      -- Empty: no model was asked, or a turn was lost before it was known which.
      model text not null,
      requests bigint not null,
      tokens_input bigint not null,
      tokens_output bigint not null,
      tokens_cached bigint not null,
      tokens_abandoned bigint not null,
      cost_usd numeric not null,
      primary key (user_id, day, model)
    ) with (fillfactor = 50);
    create index if not exists usage_days_by_day on omni2.usage_days (day desc, user_id, model);

    -- No turn may end between what is summed and what is counted from then on.
    lock table omni2.turns in share row exclusive mode;

    create or replace function omni2.count_usage() returns trigger language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          ${addUsageOf('select 1 as sign, * from new_turns')};
        elsif tg_op = 'DELETE' then
          ${addUsageOf('select -1 as sign, * from old_turns')};
        elsif exists (select from old_turns where ended_at is not null)
          or exists (select from new_turns where ended_at is not null) then
          ${addUsageOf('select -1 as sign, * from old_turns union all select 1, * from new_turns')};
        end if;
        return null;
      end
    $$;

    create or replace trigger count_usage_of_new after insert on omni2.turns
      referencing new table as new_turns for each statement execute function omni2.count_usage();
    create or replace trigger count_usage_of_changed after update on omni2.turns
      referencing old table as old_turns new table as new_turns for each statement execute function omni2.count_usage();
    create or replace trigger count_usage_of_deleted after delete on omni2.turns
      referencing old table as old_turns for each statement execute function omni2.count_usage();

    -- It was there to sum a user's turns.
    drop index if exists omni2.turns_usage_by_user;

    delete from omni2.usage_days;
    ${addUsageOf('select 1 as sign, * from omni2.turns')};
  `.execute(db)
}

/** SQL statement: adds what ended turns used, times their sign; rows of a statement are locked in one order. */
const addUsageOf = (turns: string) =>
  sql.raw(`
    insert into omni2.usage_days as total
      (user_id, day, model, requests, tokens_input, tokens_output, tokens_cached, tokens_abandoned, cost_usd)
    select * from (
      select user_id, (ended_at at time zone 'UTC')::date, coalesce(model, ''),
        sum(sign * was_admitted::integer) as requests, sum(sign * coalesce(tokens_input, 0)) as input,
        sum(sign * coalesce(tokens_output, 0)) as output, sum(sign * coalesce(tokens_cache_read, 0)) as cached,
        sum(sign * abandoned_tokens) as abandoned, sum(sign * (coalesce(cost_usd, 0) + abandoned_cost_usd)) as cost
      from (${turns}) turn where ended_at is not null group by 1, 2, 3
    ) added
    where (requests, input, output, cached, abandoned, cost) <> (0, 0, 0, 0, 0, 0)
    order by 1, 2, 3
    on conflict (user_id, day, model) do update set
      requests = total.requests + excluded.requests,
      tokens_input = total.tokens_input + excluded.tokens_input,
      tokens_output = total.tokens_output + excluded.tokens_output,
      tokens_cached = total.tokens_cached + excluded.tokens_cached,
      tokens_abandoned = total.tokens_abandoned + excluded.tokens_abandoned,
      cost_usd = total.cost_usd + excluded.cost_usd`)

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index if not exists turns_usage_by_user
      on omni2.turns (user_id, ended_at)
      include (was_admitted, cost_usd, abandoned_cost_usd, tokens_input, tokens_output, abandoned_tokens)
      where ended_at is not null;

    drop trigger if exists count_usage_of_new on omni2.turns;
    drop trigger if exists count_usage_of_changed on omni2.turns;
    drop trigger if exists count_usage_of_deleted on omni2.turns;
    drop function if exists omni2.count_usage();
    drop table if exists omni2.usage_days;
  `.execute(db)
}
