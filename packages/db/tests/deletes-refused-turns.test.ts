import { makeDerivedId } from '@omni2/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deleteRefusedTurns, type Database } from '../src/index.ts'
import { openMigratedDatabase } from './open-migrated-database.ts'

let database: Database

beforeAll(async () => {
  database = await openMigratedDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

const tables = ['turns', 'flow_events', 'interaction_flows', 'audit_logs', 'user_activities']

const scope = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'

/** Turns of a kind with all that is recorded of them, numbered from `first`. */
async function record(
  first: number,
  {
    status,
    age,
    admitted = false,
    count = 1,
  }: { status: string; age: string; admitted?: boolean; count?: number },
): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => makeDerivedId(scope, String(first + index)))
  const turns = ids.map((id) => ({ id, activity: makeDerivedId(id, 'activity:1') }))
  await sql`
    with turn as (
      select id, activity from jsonb_to_recordset(${JSON.stringify(turns)}::jsonb) as turn (id uuid, activity uuid)
    ), events as (
      insert into omni2.flow_events (session_id, attempt, ordinal, user_id, source, node_id, event_type, outcome, occurred_at, data)
      select id, 0, 0, 1, 'ws', 'n', 'accepted', 'passed', now(), '{}' from turn
    ), flows as (
      insert into omni2.interaction_flows (session_id, user_id, flow_data) select id, 1, '{}' from turn
    ), audits as (
      insert into omni2.audit_logs (session_id, user_id, question, success) select id, 1, 'q', false from turn
    ), activities as (
      insert into omni2.user_activities (activity_id, session_id, user_id, sequence_num, activity_type, activity_data)
      select activity, id, 1, 1, 'user_message', '{}' from turn
    )
    insert into omni2.turns (session_id, user_id, source, status, attempt, was_admitted, ended_at)
    select id, 1, 'ws', ${status}, 1, ${admitted}, now() - ${age}::interval from turn
  `.execute(database.db)
}

async function countRows(): Promise<number[]> {
  const counts = tables.map(async (table) => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(`omni2.${table}`)}`.execute(database.db)
    return rows[0]?.count ?? -1
  })
  return Promise.all(counts)
}

test('what was refused long ago goes with all that was recorded of it; what was admitted, or is younger, stays', async () => {
  await record(0, { status: 'refused', age: '8 days' })
  await record(1, { status: 'blocked', age: '8 days' })
  await record(2, { status: 'refused', age: '6 days' })
  await record(3, { status: 'refused', age: '8 days', admitted: true })
  for (const [index, status] of ['done', 'error', 'cancelled', 'interrupted'].entries())
    await record(4 + index, { status, age: '800 days', admitted: status !== 'cancelled' })
  expect(await countRows()).toEqual(tables.map(() => 8))
  expect(await deleteRefusedTurns({ days: 7 }, database)).toBe(2)
  expect(await countRows()).toEqual(tables.map(() => 6))
  expect(await deleteRefusedTurns({ days: 7 }, database)).toBe(0)
})

test('many go in bounded batches, by one sweep at a time', async () => {
  await record(100, { status: 'blocked', age: '8 days', count: 1500 })
  await database.db.transaction().execute(async (other) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('sweep:refused', 0))`.execute(other)
    expect(await deleteRefusedTurns({ days: 7 }, database)).toBe(0)
  })
  expect(await deleteRefusedTurns({ days: 7 }, database)).toBe(1000)
  expect(await deleteRefusedTurns({ days: 7 }, database)).toBe(500)
  expect(await countRows()).toEqual(tables.map(() => 6))
})
