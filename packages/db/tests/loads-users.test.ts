import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, findUserByLogin, isUniqueViolation, loadSessionUser } from '../src/index.ts'
import { insertSession } from './insert-session.ts'
import { openMigratedDatabase } from './open-migrated-database.ts'

let database: Database
const hour = 3_600_000

beforeAll(async () => {
  database = await openMigratedDatabase()
  await sql`
    insert into auth_service.roles (id, name, token_expiry) values (1, 'admin', 600);
    insert into auth_service.users (id, username, name, email, role_id, password_hash, active) values
      (1, 'ada', 'Ada', 'ada@example.org', 1, 'hash of ada', true),
      (2, 'bob', 'Bob', 'ada', null, null, false);
  `.execute(database.db)
})
afterAll(() => database[Symbol.asyncDispose]())

async function login(userId: number, { endsInMs = hour } = {}): Promise<string> {
  const sid = randomUUID()
  await insertSession({ sid, userId, expiresAt: new Date(Date.now() + endsInMs) }, database)
  return sid
}

const stateOf = async (sid: string, userId = 1): Promise<string | undefined> =>
  (await loadSessionUser({ sid, userId }, database))?.login_state

test('find user by login - by username and by e-mail, a username first', async () => {
  const ada = {
    id: 1,
    username: 'ada',
    active: true,
    password_hash: 'hash of ada',
    role_name: 'admin',
    token_expiry: 600,
  }
  expect(await findUserByLogin('ada', database)).toEqual(ada)
  expect(await findUserByLogin('ada@example.org', database)).toEqual(ada)
})

test('find user by login - a user without role or password, and an unknown name', async () => {
  expect(await findUserByLogin('bob', database)).toEqual({
    id: 2,
    username: 'bob',
    active: false,
    password_hash: null,
    role_name: null,
    token_expiry: null,
  })
  expect(await findUserByLogin('BOB', database)).toBeUndefined()
})

test('load session user - the user as the database has it now', async () => {
  expect(await loadSessionUser({ sid: await login(1), userId: 1 }, database)).toEqual({
    id: 1,
    username: 'ada',
    active: true,
    role_name: 'admin',
    login_state: 'live',
  })
  expect(await loadSessionUser({ sid: await login(2), userId: 2 }, database)).toMatchObject({
    active: false,
    role_name: null,
  })
  expect(await loadSessionUser({ sid: randomUUID(), userId: 99 }, database)).toBeUndefined()
})

test('load session user - a login that is revoked, over, of another user, or none', async () => {
  const revoked = await login(1)
  await sql`update auth_service.sessions set revoked_at = now() where sid = ${revoked}`.execute(database.db)
  expect(await stateOf(revoked)).toBe('revoked')
  expect(await stateOf(await login(1, { endsInMs: -1 }))).toBe('expired')
  expect(await stateOf(await login(2))).toBe('unknown')
  expect(await stateOf(randomUUID())).toBe('unknown')
  expect(await stateOf("not a uuid'; drop table auth_service.users; --")).toBe('unknown')
})

test('insert session - the same sid twice is a unique violation', async () => {
  const sid = await login(1)
  const again = insertSession({ sid, userId: 1, expiresAt: new Date() }, database)
  const error = await again.catch((caught: unknown) => caught)
  expect(isUniqueViolation(error)).toBe(true)
  expect(isUniqueViolation(error, 'another_key')).toBe(false)
})
