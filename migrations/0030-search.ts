import { type Kysely, sql } from 'kysely'

/**
 * What the lists of the pages go by: turns of all users by their acceptance, those that failed apart, and the words of ended turns. The user is a
 * word too, so that one index finds what one user said. Only the beginning of a text is searched: a document of words
 * has a bound in Postgres, and a turn that breaks it could not end.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function omni2.turn_words(user_id integer, user_text text, answer text) returns tsvector
      language sql immutable parallel safe
      return array_to_tsvector(array['user ' || user_id])
        || to_tsvector('simple'::regconfig, left(user_text, 50000) || ' ' || left(coalesce(answer, ''), 50000));

    create index if not exists turns_by_words
      on omni2.turns using gin (omni2.turn_words(user_id, user_text, answer)) where ended_at is not null;

    -- By that index alone: a scan would split the text of each turn again.
    create or replace function omni2.count_turns_with(words tsquery, most integer) returns bigint
      language sql stable parallel safe set enable_seqscan = off set enable_indexscan = off
      as $$
        select count(*) from (
          select from omni2.turns turn
          where turn.ended_at is not null and omni2.turn_words(turn.user_id, turn.user_text, turn.answer) @@ words
          limit most) found
      $$;

    create index if not exists turns_by_acceptance on omni2.turns (created_at, session_id);
    create index if not exists turns_failed_by_acceptance on omni2.turns (created_at, session_id)
      where status in ('error', 'interrupted', 'refused', 'blocked');
  `.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index if exists omni2.turns_by_words;
    drop index if exists omni2.turns_by_acceptance;
    drop index if exists omni2.turns_failed_by_acceptance;
    drop function if exists omni2.count_turns_with(tsquery, integer);
    drop function if exists omni2.turn_words(integer, text, text);
  `.execute(db)
}
