import { randomUUID } from 'node:crypto'
import { turnEnds } from '@omni2/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, isUniqueViolation } from '../src/index.ts'
import { openMigratedDatabase } from './open-migrated-database.ts'

let database: Database

beforeAll(async () => {
  database = await openMigratedDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

const insertTurn = (turn: {
  conversation_id: string | null
  status: 'running' | 'queued' | 'done'
  ended?: Date
}) =>
  database.db
    .insertInto('omni2.turns')
    .values({
      session_id: randomUUID(),
      conversation_id: turn.conversation_id,
      user_id: 1,
      source: 'ws',
      status: turn.status,
      ended_at: turn.ended ?? null,
    })
    .execute()

test('a conversation - has at most one running turn, and any number of others', async () => {
  const conversation_id = randomUUID()
  await insertTurn({ conversation_id, status: 'running' })
  await insertTurn({ conversation_id, status: 'queued' })
  await insertTurn({ conversation_id, status: 'done', ended: new Date() })
  const error = await insertTurn({ conversation_id, status: 'running' }).catch((caught: unknown) => caught)
  expect(isUniqueViolation(error, 'turns_one_running_per_conversation')).toBe(true)
})

test('turns of no conversation - may run side by side', async () => {
  await insertTurn({ conversation_id: null, status: 'running' })
  await expect(insertTurn({ conversation_id: null, status: 'running' })).resolves.toBeDefined()
})

test('a turn - has an end time exactly when its status is an end', async () => {
  const broken = { code: '23514', constraint: 'turns_ended_when_settled' }
  await expect(insertTurn({ conversation_id: null, status: 'done' })).rejects.toMatchObject(broken)
  const running = insertTurn({ conversation_id: null, status: 'running', ended: new Date() })
  await expect(running).rejects.toMatchObject(broken)
})

test('every status of the contract - is one the table takes', async () => {
  for (const status of turnEnds) {
    const turn = {
      session_id: randomUUID(),
      user_id: 1,
      source: 'sse',
      status,
      ended_at: new Date(),
    } as const
    await database.db.insertInto('omni2.turns').values(turn).execute()
  }
  const odd = sql`
    insert into omni2.turns (session_id, user_id, source, status, ended_at)
    values (${randomUUID()}, 1, 'sse', 'lost', now())
  `.execute(database.db)
  await expect(odd).rejects.toMatchObject({ code: '23514', constraint: 'turns_status_check' })
})
