import { randomUUID } from 'node:crypto'
import { makeQuestionDigest, type TurnMessage } from '@omni2/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimTurn, type Database, deleteConversation, listConversations } from '../src/index.ts'
import { openMigratedDatabase } from './open-migrated-database.ts'

const userId = 1
let database: Database

beforeAll(async () => {
  database = await openMigratedDatabase()
  await sql`insert into auth_service.users (id, username, name, active) values (1, 'ada', 'Ada', true)`.execute(
    database.db,
  )
})
afterAll(() => database[Symbol.asyncDispose]())

/** A turn of a conversation that a worker claims, and that ends at once. */
async function runTurn(conversation_id: string): Promise<void> {
  const turn: TurnMessage = {
    session_id: randomUUID(),
    conversation_id,
    identity: { user_id: userId, username: 'ada', role: 'user', sid: randomUUID(), session_exp: 2e9 },
    source: 'ws',
    client_msg_id: null,
    text: 'Hello',
    replaces: null,
    accepted_at: new Date().toISOString(),
  }
  await claimTurn(turn, { worker: 'test', deadlineMs: 60_000, digest: makeQuestionDigest(turn) }, database)
  await sql`update omni2.turns set status = 'done', ended_at = now()`.execute(database.db)
}

const listed = async () => {
  const rows = await listConversations(
    { userId, search: undefined },
    { after: undefined, limit: 10 },
    database,
  )
  return rows.map(({ conversation_id }) => conversation_id)
}

test('a conversation goes to the front with each turn, and a deleted one does not come back', async () => {
  const [one, two] = [randomUUID(), randomUUID()]
  await runTurn(one)
  await runTurn(two)
  expect(await listed()).toEqual([two, one])
  await runTurn(one)
  expect(await listed()).toEqual([one, two])
  await deleteConversation(one, userId, database)
  await runTurn(one)
  expect(await listed()).toEqual([two])
})
