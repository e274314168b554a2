import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, findRunningTurn, isAcceptedTurnOf, loadStandings } from '../src/index.ts'
import { insertSession } from './insert-session.ts'
import { openMigratedDatabase } from './open-migrated-database.ts'

let database: Database

beforeAll(async () => {
  database = await openMigratedDatabase()
  await sql`
    insert into auth_service.users (id, username, name, active) values
      (1, 'ada', 'Ada', true), (2, 'bob', 'Bob', false), (3, 'eve', 'Eve', true);
    insert into omni2.user_blocks (user_id, is_blocked, block_reason, blocked_services) values
      (3, true, 'unpaid', '{chat}');
  `.execute(database.db)
})
afterAll(() => database[Symbol.asyncDispose]())

test('load standings - each login once, in whatever state', async () => {
  const [live, revoked] = [randomUUID(), randomUUID()]
  const expiresAt = new Date(Date.now() + 3_600_000)
  for (const sid of [live, revoked]) await insertSession({ sid, userId: 1, expiresAt }, database)
  await sql`update auth_service.sessions set revoked_at = now() where sid = ${revoked}`.execute(database.db)
  const logins = [
    { userId: 1, sid: live },
    { userId: 1, sid: revoked },
    { userId: 2, sid: live },
    { userId: 3, sid: 'x-user-id' },
    { userId: 99, sid: "'; drop table auth_service.users; --" },
  ]
  const standings = await loadStandings(logins, database)
  expect(standings.toSorted((a, b) => a.userId - b.userId || (a.sid === live ? -1 : 1))).toMatchObject([
    { ...logins[0], active: true, login_state: 'live', is_blocked: null },
    { ...logins[1], active: true, login_state: 'revoked' },
    { ...logins[2], active: false, login_state: 'unknown' },
    { ...logins[3], active: true, is_blocked: true, block_reason: 'unpaid', blocked_services: ['chat'] },
    { ...logins[4], active: false, login_state: 'unknown' },
  ])
  expect(await loadStandings([], database)).toEqual([])
})

test('find running turn - the one that runs in the conversation, or null', async () => {
  const [conversation, ended, running] = [randomUUID(), randomUUID(), randomUUID()]
  await sql`
    insert into omni2.turns (session_id, conversation_id, user_id, source, status, attempt, ended_at) values
      (${ended}, ${conversation}, 1, 'ws', 'done', 1, now())
  `.execute(database.db)
  expect(await findRunningTurn(conversation, database)).toBeNull()
  await sql`
    insert into omni2.turns (session_id, conversation_id, user_id, source, status, attempt) values
      (${running}, ${conversation}, 1, 'ws', 'running', 1)
  `.execute(database.db)
  expect(await findRunningTurn(conversation, database)).toBe(running)
})

test('is accepted turn of - known from its first event, and only to its own user', async () => {
  const turnId = randomUUID()
  await sql`
    insert into omni2.flow_events (session_id, attempt, ordinal, user_id, source, node_id, event_type, occurred_at, outcome, data)
    values (${turnId}, 0, 0, 1, 'ws', '0.0', 'accepted', now(), 'passed', '{}')
  `.execute(database.db)
  expect(await isAcceptedTurnOf(turnId, 1, database)).toBe(true)
  expect(await isAcceptedTurnOf(turnId, 2, database)).toBe(false)
  expect(await isAcceptedTurnOf(randomUUID(), 1, database)).toBe(false)
})
