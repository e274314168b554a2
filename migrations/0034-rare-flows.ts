import { type Kysely, sql } from 'kysely'

/**
 * What a flow history is narrowed by, where few turns match: tools, cost, model. A tool is also found by its server, and by
 * any part of its name up to a dot. Turns without tools are in none of these lists.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function omni2.turn_tools(result jsonb) returns text[]
      language sql immutable parallel safe
      return (
        select coalesce(array_agg(distinct array_to_string((string_to_array(used, '.'))[:parts], '.')), '{}')
        from jsonb_array_elements_text(
            case jsonb_typeof(result #> '{body,result,tools_used}')
              when 'array' then result #> '{body,result,tools_used}' else '[]' end) used,
          generate_series(1, cardinality(string_to_array(used, '.'))) parts);

    create index if not exists turns_by_tool on omni2.turns using gin (omni2.turn_tools(result))
      where result #> '{body,result,tools_used,0}' is not null;

    -- By that index alone, as turns are counted by their words.
    create or replace function omni2.count_turns_using(tool text, most integer) returns bigint
      language sql stable parallel safe set enable_seqscan = off set enable_indexscan = off
      as $$
        select count(*) from (
          select from omni2.turns turn
          where turn.result #> '{body,result,tools_used,0}' is not null
            and omni2.turn_tools(turn.result) @> array[tool]
          limit most) found
      $$;

    create index if not exists turns_by_cost on omni2.turns ((coalesce(cost_usd, 0) + abandoned_cost_usd));
    create index if not exists turns_by_model on omni2.turns (model, created_at, session_id);
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index if exists omni2.turns_by_model;
    drop index if exists omni2.turns_by_cost;
    drop index if exists omni2.turns_by_tool;
    drop function if exists omni2.count_turns_using(text, integer);
    drop function if exists omni2.turn_tools(jsonb);
  `.execute(db)
}
