import { migrateDown, migrateUp } from '@omni2/migrations'
import { expect, test } from 'vitest'
import { openEmptyDatabase } from './open-empty-database.ts'
import { openOriginalDatabase, originalTables } from './original-database.ts'
import { readCatalog, readRows, type TestDatabase } from './read-catalog.ts'

const addedColumns: Readonly<Record<string, readonly string[]>> = {
  'omni2.interaction_flows': ['conversation_id', 'status'],
  'omni2.audit_logs': [
    'session_id',
    'conversation_id',
    'model',
    'outcome',
    'tokens_input',
    'tokens_output',
    'tokens_cached',
    'cost_usd',
    'estimated',
  ],
}
const untouchedTables = originalTables.filter((table) => table !== 'omni2.chat_welcome_config')

const readUntouched = (
  database: TestDatabase,
  added: Readonly<Record<string, readonly string[]>> = {},
): Promise<unknown[]> =>
  Promise.all(untouchedTables.map((table) => readRows(table, { database, without: added[table] ?? [] })))

test('up on the original tables - keeps every row as it was', async () => {
  await using database = await openOriginalDatabase()
  const before = await readUntouched(database)
  await migrateUp(database.url)
  expect(await readUntouched(database, addedColumns)).toEqual(before)
})

test('up on the original tables - ends with the same tables as on an empty database', async () => {
  await using original = await openOriginalDatabase()
  await using empty = await openEmptyDatabase()
  await migrateUp(original.url)
  await migrateUp(empty.url)
  expect(await readCatalog(original)).toEqual(await readCatalog(empty))
})

test('several default welcomes - the newest stays the default, the others are kept beside it', async () => {
  await using database = await openOriginalDatabase()
  await migrateUp(database.url)
  const rows = await database.query(`
    select config_type, target_id = id as own, welcome_message from omni2.chat_welcome_config order by id
  `)
  expect(rows).toEqual([
    { config_type: 'superseded_default', own: true, welcome_message: 'oldest default' },
    { config_type: 'default', own: null, welcome_message: 'newest default' },
    { config_type: 'superseded_default', own: true, welcome_message: 'default without dates' },
    { config_type: 'superseded_default', own: true, welcome_message: 'made later, changed earlier' },
    { config_type: 'default', own: true, welcome_message: 'default with a target' },
    { config_type: 'role', own: false, welcome_message: 'welcome, admins' },
    { config_type: 'user', own: null, welcome_message: 'for no user' },
    { config_type: 'user', own: null, welcome_message: 'for no user either' },
    { config_type: 'user', own: false, welcome_message: 'welcome, Ada' },
  ])
})

test('all the way down - leaves the original tables, rows and welcomes, and nothing else', async () => {
  await using database = await openOriginalDatabase()
  const [catalog, rows] = [await readCatalog(database), await readUntouched(database)]
  const welcomes = await readRows('omni2.chat_welcome_config', { database })
  const { migrated } = await migrateUp(database.url)

  for (const name of migrated.toReversed()) {
    expect(await migrateDown(database.url)).toEqual({ migrated: [name], restored: [] })
  }
  expect(await migrateDown(database.url)).toEqual({ migrated: [], restored: [] })
  expect(await readCatalog(database)).toEqual(catalog)
  expect(await readUntouched(database)).toEqual(rows)
  expect(await readRows('omni2.chat_welcome_config', { database })).toEqual(welcomes)
})

test('down past an SSE activity - keeps the row and leaves its conversation nullable', async () => {
  await using database = await openOriginalDatabase()
  const { migrated } = await migrateUp(database.url)
  await database.query(`
    insert into omni2.user_activities (session_id, user_id, sequence_num, activity_type, activity_data)
    values ('00000000-0000-4000-8000-0000000000bb', 1, 1, 'user_message', '{}')
  `)
  for (const _ of migrated) await migrateDown(database.url)
  expect(await readRows('omni2.user_activities', { database })).toHaveLength(3)
  expect((await migrateUp(database.url)).migrated).toEqual(migrated)
})

test('a conversation_id from before the migrations - survives up, down and up again', async () => {
  await using database = await openOriginalDatabase()
  await database.query(`
    alter table omni2.interaction_flows add column conversation_id uuid;
    create index idx_flows_conversation_id on omni2.interaction_flows (conversation_id);
    update omni2.interaction_flows set conversation_id = '00000000-0000-4000-8000-0000000000aa';
  `)
  const before = await readRows('omni2.interaction_flows', { database, without: ['status'] })
  const { migrated } = await migrateUp(database.url)
  for (const _ of migrated) await migrateDown(database.url)
  await migrateUp(database.url)
  expect(await readRows('omni2.interaction_flows', { database, without: ['status'] })).toEqual(before)
})
