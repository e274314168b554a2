import { readdir } from 'node:fs/promises'
import { shippedPrices } from '@omni2/contracts'
import { migrateUp, migrationStatus } from '@omni2/migrations'
import { expect, test } from 'vitest'
import { openEmptyDatabase } from './open-empty-database.ts'
import { readCatalog } from './read-catalog.ts'

test('up on an empty database - runs every migration file once, in the order of their names', async () => {
  await using database = await openEmptyDatabase()
  const files = await readdir(new URL('../../../migrations/', import.meta.url))
  const names = files.filter((file) => /^\d{4}-.*\.ts$/.test(file)).map((file) => file.replace('.ts', ''))

  const priced = shippedPrices.map(({ model }) => model)
  expect(await migrateUp(database.url)).toEqual({ migrated: names.toSorted(), restored: [], priced })
  const catalog = await readCatalog(database)
  expect(await migrateUp(database.url)).toEqual({ migrated: [], restored: [] })
  expect(await readCatalog(database)).toEqual(catalog)
})

test('status of a database that was never migrated - everything is pending and nothing is created', async () => {
  await using database = await openEmptyDatabase()
  const status = await migrationStatus(database.url)
  expect(status.length).toBeGreaterThan(0)
  expect(new Set(status.map(({ state }) => state))).toEqual(new Set(['pending']))
  expect(await database.query(`select from pg_namespace where nspname in ('omni2', 'auth_service')`)).toEqual(
    [],
  )
})

test('an empty database after up - has exactly one default welcome', async () => {
  await using database = await openEmptyDatabase()
  await migrateUp(database.url)
  const rows = await database.query('select config_type, target_id from omni2.chat_welcome_config')
  expect(rows).toEqual([{ config_type: 'default', target_id: null }])
  const second = database.query(
    `insert into omni2.chat_welcome_config (config_type, welcome_message) values ('default', 'a second one')`,
  )
  await expect(second).rejects.toMatchObject({ code: '23505', constraint: 'chat_welcome_config_one_default' })
})

test('a migrated database that lost its record of it - up runs everything again and changes nothing', async () => {
  await using database = await openEmptyDatabase()
  const { migrated } = await migrateUp(database.url)
  const catalog = await readCatalog(database)
  await database.query('drop table omni2.kysely_migration, omni2.kysely_migration_lock')
  expect((await migrateUp(database.url)).migrated).toEqual(migrated)
  expect(await readCatalog(database)).toEqual(catalog)
})
