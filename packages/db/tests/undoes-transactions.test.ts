import { sql } from 'kysely'
import { openTestDatabase } from '@omni2/testkit'
import { expect, test } from 'vitest'
import { openDatabase, transact } from '../src/index.ts'

test('a transaction is kept or undone by its result, and undone by an error', async () => {
  await using server = await openTestDatabase()
  await using database = openDatabase({
    url: server.url,
    poolMax: 1,
    applicationName: 'test',
    statementTimeoutMs: 5000,
    onPoolError: () => {},
  })
  await server.query('create table made (name text primary key)')
  const make = (name: string, isKept: boolean) =>
    transact(
      database.db,
      async (db) => {
        await sql`insert into made values (${name})`.execute(db)
        return name
      },
      () => isKept,
    )
  expect(await make('kept', true)).toBe('kept')
  expect(await make('undone', false)).toBe('undone')
  await expect(make('kept', true)).rejects.toThrow('made_pkey')
  // The pool has one connection: each transaction has returned it.
  expect(await server.query('select name from made')).toEqual([{ name: 'kept' }])
  expect(await make('last', true)).toBe('last')
})
