import { migrateDown, migrateUp, UnknownMigrationError } from '@omni2/migrations'
import { openTestDatabase } from '@omni2/testkit'
import { expect, test } from 'vitest'
import { openEmptyDatabase } from './open-empty-database.ts'
import { openOriginalDatabase } from './original-database.ts'
import { readCatalog } from './read-catalog.ts'

test.each([
  { start: 'an empty database', open: openEmptyDatabase },
  { start: 'the original tables', open: openOriginalDatabase },
])('four migrators at once on $start - one runs everything, the others find it done', async ({ open }) => {
  await using database = await open()
  const reports = await Promise.all(Array.from({ length: 4 }, () => migrateUp(database.url)))
  const sizes = reports.map(({ migrated }) => migrated.length).toSorted((a, b) => a - b)
  expect(sizes.slice(0, 3)).toEqual([0, 0, 0])
  expect(sizes[3]).toBeGreaterThan(0)
})

test('a migration that fails - leaves nothing half done and no lock behind', async () => {
  await using database = await openOriginalDatabase()
  const catalog = await readCatalog(database)
  await database.query('create view omni2.turns as select 1 as session_id')
  await expect(migrateUp(database.url)).rejects.toMatchObject({
    name: 'MigrationFailedError',
    migration: '0006-turns',
  })
  expect(await readCatalog(database)).toEqual(catalog)
  await database.query('drop view omni2.turns')
  expect((await migrateUp(database.url)).migrated).toContain('0011-flow-conversation-id')
})

test('a database of a newer version - is refused by name and left alone', async () => {
  await using database = await openTestDatabase()
  await database.query(`
    insert into omni2.kysely_migration (name, timestamp) values ('9999-from-a-newer-version', now()::text)
  `)
  const catalog = await readCatalog(database)
  for (const migrate of [migrateUp, migrateDown]) {
    const refusal = migrate(database.url)
    await expect(refusal).rejects.toThrow(UnknownMigrationError)
    await expect(refusal).rejects.toThrow(/9999-from-a-newer-version, which this version does not know/)
  }
  expect(await readCatalog(database)).toEqual(catalog)
})
