import type { ColumnType } from 'kysely'

/** A column that may be null, and is when an insert leaves it out. */
export type Nullable<Column> =
  Column extends ColumnType<infer Select, infer Insert, infer Update>
    ? ColumnType<Select | null, Insert | null | undefined, Update | null>
    : ColumnType<Column | null, Column | null | undefined, Column | null>

/** A column that the database fills when an insert leaves it out. */
export type Defaulted<Column> =
  Column extends ColumnType<infer Select, infer Insert, infer Update>
    ? ColumnType<Select, Insert | undefined, Update>
    : ColumnType<Column, Column | undefined, Column>

/** `timestamptz`. */
export type Instant = ColumnType<Date, Date | string, Date | string>

/**
 * `timestamp` without a zone, UTC in every row. Written as ISO text only: pg turns a Date parameter into local time,
 * and such a column keeps the digits and drops the zone.
 */
export type UtcTimestamp = ColumnType<Date, string, string>

/** `numeric`, read as text so that no digit of an amount is lost. */
export type Numeric = ColumnType<string, string | number, string | number>

/** `jsonb`, read as untrusted data and written as JSON text (pg would make a Postgres array of an array). */
export type Json = ColumnType<unknown, string, string>
