import { migrateDown, migrateUp, migrationStatus } from '@omni2/migrations'
import { openTestDatabase } from '@omni2/testkit'
import { expect, test } from 'vitest'
import type { TestDatabase } from './read-catalog.ts'

const session = '00000000-0000-4000-8000-000000000001'
const conversation = '00000000-0000-4000-8000-0000000000aa'
const dropColumn = 'ALTER TABLE omni2.interaction_flows DROP COLUMN conversation_id'
const dropIndex = 'DROP INDEX omni2.idx_flows_conversation_id'

async function insertTurnWithFlow(database: TestDatabase): Promise<void> {
  await database.query(`
    insert into omni2.turns (session_id, conversation_id, user_id, source, status, ended_at)
    values ('${session}', '${conversation}', 1, 'ws', 'done', now());
    insert into omni2.interaction_flows (session_id, conversation_id, user_id, flow_data)
    values ('${session}', '${conversation}', 1, '{}');
  `)
}

/** Undoes migrations until that one is undone, and returns them as they went. */
async function migrateDownTo(name: string, database: TestDatabase): Promise<string[]> {
  const undone: string[] = []
  while (undone.at(-1) !== name) undone.push(...(await migrateDown(database.url)).migrated)
  return undone
}

const readConversations = (database: TestDatabase): Promise<unknown> =>
  database.query('select session_id, conversation_id from omni2.interaction_flows')

const hasIndex = async (database: TestDatabase): Promise<boolean> =>
  (await database.query(`select where to_regclass('omni2.idx_flows_conversation_id') is not null`)).length ===
  1

test('the documented rollback by hand - up restores column, index and the conversations of known turns', async () => {
  await using database = await openTestDatabase()
  await insertTurnWithFlow(database)
  await database.query(dropColumn)
  await expect(database.query(dropIndex)).rejects.toMatchObject({ code: '42704' })
  const status = await migrationStatus(database.url)
  expect(status.filter(({ state }) => state !== 'applied')).toMatchObject([
    { name: '0011-flow-conversation-id', state: 'incomplete' },
  ])

  expect(await migrateUp(database.url)).toEqual({
    migrated: [],
    restored: ['omni2.interaction_flows.conversation_id', 'omni2.idx_flows_conversation_id'],
  })
  expect(await readConversations(database)).toEqual([{ session_id: session, conversation_id: conversation }])
  expect(await hasIndex(database)).toBe(true)
  expect(await migrateUp(database.url)).toEqual({ migrated: [], restored: [] })
})

test('only the index dropped by hand - up restores only the index', async () => {
  await using database = await openTestDatabase()
  await insertTurnWithFlow(database)
  await database.query(dropIndex)
  expect((await migrateUp(database.url)).restored).toEqual(['omni2.idx_flows_conversation_id'])
  expect(await hasIndex(database)).toBe(true)
})

test('down after the rollback by hand - undoes what is left of the migration, and up brings it back', async () => {
  await using database = await openTestDatabase()
  await insertTurnWithFlow(database)
  await database.query(dropColumn)
  const undone = await migrateDownTo('0011-flow-conversation-id', database)
  expect(await migrateUp(database.url)).toMatchObject({ migrated: undone.toReversed(), restored: [] })
  expect(await readConversations(database)).toEqual([{ session_id: session, conversation_id: conversation }])
})
