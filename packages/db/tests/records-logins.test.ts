import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { countLogins, type Database, recordLogin, revokeLogins, setPasswordHash } from '../src/index.ts'
import { openMigratedDatabase } from './open-migrated-database.ts'

let database: Database
const userId = 1

beforeAll(async () => {
  database = await openMigratedDatabase()
  await sql`insert into auth_service.users (id, username, name) values (${userId}, 'ada', 'Ada')`.execute(
    database.db,
  )
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(() => setPasswordHash({ userId, passwordHash: 'old' }, database))

const hour = 3_600_000
const logIn = (passwordHashes: readonly string[], sid = randomUUID()) =>
  recordLogin(
    {
      sid,
      userId,
      expiresAt: new Date(Date.now() + 2 * hour),
      refreshTokenHash: randomBytes(32),
      refreshEndsAt: new Date(Date.now() + hour),
      passwordHashes,
    },
    database,
  )

test('record login - with the password that is stored - opens it with its refresh token', async () => {
  const sid = randomUUID()
  expect(await logIn(['old', 'renewed'], sid)).toBe(true)
  const { rows } = await sql`
    select expires_at - now() < interval '1 hour 1 minute' as ends_first, last_login_at is not null as was_here
    from auth_service.refresh_tokens join auth_service.users on id = ${userId} where sid = ${sid}
  `.execute(database.db)
  expect(rows).toEqual([{ ends_first: true, was_here: true }])
})

test('record login - with another password than is stored - records nothing', async () => {
  const before = await countLogins(userId, database)
  expect(await logIn(['older'])).toBe(false)
  expect(await logIn([])).toBe(false)
  expect(await countLogins(userId, database)).toBe(before)
})

test('record login - while the password is set - waits, and does not outlive it', async () => {
  const started = await database.db.transaction().execute(async (db) => {
    await setPasswordHash({ userId, passwordHash: 'new' }, { db })
    const pending = logIn(['old'])
    await expect
      .poll(async () => {
        const { rows } = await sql`
          select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid
        `.execute(db)
        return rows.length
      })
      .toBe(1)
    await revokeLogins(userId, { db })
    return { pending }
  })
  expect(await started.pending).toBe(false)
  expect(await countLogins(userId, database)).toBe(0)
})
