import { type RawBuilder, sql } from 'kysely'

/** Where a page of rows goes on that go by a time and an id: the time in Unix microseconds as text. */
export interface Place {
  readonly at: string
  readonly id: string
}

/** The place of a row. */
export const placeOf = (column: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(extract(epoch from ${column}) * 1000000)::bigint::text`

/** The time of a place, exactly as the column has it. */
export const timeOf = (at: string): RawBuilder<unknown> =>
  sql`('epoch'::timestamptz + ${at}::bigint * interval '1 microsecond')`

/** Words as a tsquery of the configuration `simple`; the last one may be the beginning of a word. */
export const wordsOf = (search: string): RawBuilder<unknown> => sql`(
  select case when numnode(typed) = 0 then typed else (typed::text || ':*')::tsquery end
  from websearch_to_tsquery('simple', ${search}) typed)`
