import { readdir, readFile } from 'node:fs/promises'
import { openTestDatabase } from '@omni2/testkit'
import { expect, test } from 'vitest'

const folder = new URL('../src/schema/', import.meta.url)

/** `table.column` of every interface in src/schema, with `?` where its type is Nullable. */
async function readTypedColumns(): Promise<string[]> {
  const schema = await readFile(new URL('schema.ts', folder), 'utf8')
  const tables = new Map(
    Array.from(schema.matchAll(/^ {2}'(.+)': (\w+)$/gm), ([, table, name]) => [name, table]),
  )
  const files = (await readdir(folder)).filter((file) => !['schema.ts', 'column.ts'].includes(file))
  const columns = files.map(async (file) => {
    const source = await readFile(new URL(file, folder), 'utf8')
    const table = tables.get(/export interface (\w+)/.exec(source)?.[1])
    return Array.from(source.matchAll(/^ {2}(\w+): (Nullable<)?/gm), ([, column, nullable]) =>
      nullable === undefined ? `${table}.${column}` : `${table}.${column}?`,
    )
  })
  return (await Promise.all(columns)).flat()
}

test('typed tables - have exactly the columns of the migrated database, null where it allows null', async () => {
  await using database = await openTestDatabase()
  const columns = await database.query(`
    select table_schema || '.' || table_name || '.' || column_name || case is_nullable when 'YES' then '?' else '' end
      as column
    from information_schema.columns
    where table_schema in ('omni2', 'auth_service') and table_name not like 'kysely_%'
  `)
  const found = columns.map(({ column }) => String(column))
  expect((await readTypedColumns()).toSorted()).toEqual(found.toSorted())
})
