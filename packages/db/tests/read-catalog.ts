import type { openTestDatabase } from '@omni2/testkit'

export type TestDatabase = Awaited<ReturnType<typeof openTestDatabase>>

/** Columns, constraints and indexes of our schemas as sorted lines, without the migrator's own tables. */
export async function readCatalog(database: TestDatabase): Promise<string[]> {
  const rows = await database.query(`
    with tables as (
      select oid, oid::regclass::text as name from pg_class
      where relkind = 'r' and relname not like 'kysely_%'
        and relnamespace in (select oid from pg_namespace where nspname in ('omni2', 'auth_service'))
    )
    select concat_ws(' ', 'column', tables.name, attname, format_type(atttypid, atttypmod),
      case when attnotnull then 'not null' end, pg_get_expr(adbin, adrelid)) as line
    from tables
    join pg_attribute on attrelid = tables.oid and attnum > 0 and not attisdropped
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    union all
    select concat_ws(' ', 'constraint', tables.name, pg_get_constraintdef(pg_constraint.oid))
    from tables join pg_constraint on conrelid = tables.oid and contype <> 'n'
    union all
    select concat_ws(' ', 'index', tables.name, pg_get_indexdef(indexrelid))
    from tables join pg_index on indrelid = tables.oid
    order by line
  `)
  return rows.map(({ line }) => String(line))
}

/** Every row of a table as JSON, in a stable order, without the columns named in `without`. */
export async function readRows(
  table: string,
  { database, without = [] }: { database: TestDatabase; without?: readonly string[] },
): Promise<unknown[]> {
  const rows = await database.query(
    `select to_jsonb(t) - $1::text[] as row from ${table} t order by to_jsonb(t)::text`,
    [without],
  )
  return rows.map(({ row }) => row)
}
