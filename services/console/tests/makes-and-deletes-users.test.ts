import { compareSync } from 'bcryptjs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startConsole, users, type Answer, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole({ CONSOLE_PASSWORD_COST: '4', CONSOLE_PASSWORD_QUEUE: '2' })
})
afterAll(() => admin[Symbol.asyncDispose]())

let changesBefore = 0
/** How many audit rows a test's requests are to leave. */
let expectedChanges = 0
beforeEach(async () => {
  changesBefore = await admin.countChanges()
  expectedChanges = 0
  await admin.takeReceived()
})
afterEach(async () => {
  const made = (await admin.countChanges()) - changesBefore
  if (made !== expectedChanges) throw new Error(`${made} audit rows instead of ${expectedChanges}`)
  const [secrets] = await admin.database.query<{ found: boolean | null }>(
    String.raw`select bool_or(to_jsonb(changes)::text ~ '\$2[aby]\$|correct horse') as found
      from omni2.admin_changes changes`,
  )
  if (secrets?.found === true) throw new Error('an audit row holds a password or its hash')
})

const password = 'correct horse battery'
const create = (body: object) => admin.call('POST', '/users', { body: { password, ...body } })
const hashOf = async (id: number) => {
  const [row] = await admin.database.query<{ password_hash: string | null }>(
    'select password_hash from auth_service.users where id = $1',
    [id],
  )
  return row?.password_hash ?? null
}
const openLogin = (userId: number) =>
  admin.database.query(
    `insert into auth_service.sessions (sid, user_id, expires_at) values (gen_random_uuid(), $1, now() + interval '1h')`,
    [userId],
  )
const problemsOf = ({ body }: Answer): string[] =>
  body.problems.map(({ path, message }: { path: string; message: string }) => `${path}: ${message}`)

test('a user is made with a bcrypt hash, and audited without it', async () => {
  expectedChanges = 1
  const made = await create({ username: 'zoé', email: 'zoe@example.org', role: 'viewer' })
  expect(made).toMatchObject({
    status: 200,
    body: {
      before: null,
      after: { username: 'zoé', name: 'zoé', email: 'zoe@example.org', role: 'viewer', active: true },
    },
  })
  const { id } = made.body.after
  expect(compareSync(password, (await hashOf(id)) ?? '')).toBe(true)
  expect((await admin.call('GET', `/changes?target_id=${id}`)).body.items).toMatchObject([
    { action: 'user.create', target_type: 'user', target_id: String(id), before: null },
  ])
})

test('a name or address of anybody else, in any case and as either, is a conflict', async () => {
  expectedChanges = 1
  expect((await create({ username: 'max', email: 'max@example.org' })).status).toBe(200)
  for (const body of [
    { username: 'max' },
    { username: 'MAX' },
    { username: 'Max@example.org' },
    { username: 'moritz', email: 'MAX@example.org' },
  ]) {
    const refused = await create(body)
    expect(refused).toMatchObject({ status: 409, body: { code: 'exists' } })
    expect(refused.body.error).toMatch(/^User \d+ has the (name|e-mail address) .* already/)
  }
})

test('of two at once with one name, one is made', async () => {
  expectedChanges = 1
  const both = await Promise.all([create({ username: 'twin' }), create({ username: 'Twin' })])
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
})

test('odd input is 422 with what to do, and never says the password again', async () => {
  const refused = await create({ username: '42', email: 'nowhere', password: 'short-one' })
  expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input' } })
  expect(problemsOf(refused)).toEqual([
    'body.username: must not be a number: commands would take it for an id',
    'body.email: must be an e-mail address',
    'body.password: must have 12 characters or more',
  ])
  expect(JSON.stringify(refused.body)).not.toContain('short-one')
  const long = await admin.call('PUT', `/users/${users.vera}/password`, {
    body: { password: 'ü'.repeat(37) },
  })
  expect(problemsOf(long)).toEqual([
    'body.password: must have 72 bytes or fewer in UTF-8: bcrypt reads no more of it',
  ])
  expect(await create({ username: 'x', role: 'no such role' })).toMatchObject({
    status: 404,
    body: { error: 'There is no role no such role.' },
  })
  for (const name of ['a,b', 'a\u202Eb', 'end '])
    expect(
      problemsOf(
        await admin.call('POST', '/roles', { body: { name, rate_limit: 1, cost_limit_daily: 1 } }),
      ).join(),
    ).toMatch(/^body\.name: must/)
})

test('another password ends every login, and is announced', async () => {
  expectedChanges = 1
  await openLogin(users.vera)
  const set = await admin.call('PUT', `/users/${users.vera}/password`, { body: { password } })
  expect(set.body).toMatchObject({ before: { logins: 2 }, after: { logins: 0 }, announced: true })
  expect(compareSync(password, (await hashOf(users.vera)) ?? '')).toBe(true)
  expect(await admin.takeReceived()).toEqual([{ user_id: users.vera, change: 'logged_out', sid: null }])
})

test('more passwords than may wait are refused, and do nothing', async () => {
  expectedChanges = 0
  const all = await Promise.all(
    Array.from({ length: 12 }, () =>
      admin.call('PUT', `/users/${users.vera}/password`, { body: { password } }),
    ),
  )
  const refused = all.filter(({ status }) => status !== 200)
  expectedChanges = all.length - refused.length
  for (const answer of refused)
    expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_passwords', retry_after_ms: 5000 } })
})

test('a deleted user leaves an inactive account without names, and the history its id', async () => {
  expectedChanges = 2
  const { id } = (await create({ username: 'gone', email: 'gone@example.org', role: 'viewer' })).body.after
  await openLogin(id)
  await admin.database.query(`insert into omni2.user_usage_limits (user_id, max_cost) values ($1, 3)`, [id])
  await admin.database.query(`insert into omni2.user_blocks (user_id, block_reason) values ($1, 'x')`, [id])
  await admin.database.query(
    `insert into omni2.chat_welcome_config (config_type, target_id, welcome_message) values ('user', $1, 'Hi')`,
    [id],
  )
  await admin.database.query(
    `insert into omni2.audit_logs (user_id, question, success) values ($1, 'Who am I?', true)`,
    [id],
  )
  const deleted = await admin.call('DELETE', `/users/${id}`)
  expect(deleted.body).toMatchObject({
    before: { username: 'gone', role: 'viewer' },
    after: { id, username: `deleted-${id}`, name: 'Deleted user', email: null, role: null, active: false },
  })
  expect(await admin.takeReceived()).toEqual([
    { user_id: id, change: 'deactivated', sid: null },
    { user_id: id, change: 'logged_out', sid: null },
  ])
  expect(await hashOf(id)).toBeNull()
  expect((await admin.call('GET', `/users/${id}`)).body).toMatchObject({ limits: null, logins: 0 })
  for (const table of ['omni2.user_usage_limits', 'omni2.user_blocks'])
    expect(await admin.database.query(`select from ${table} where user_id = $1`, [id])).toEqual([])
  expect(
    await admin.database.query(`select from omni2.chat_welcome_config where target_id = $1`, [id]),
  ).toEqual([])
  expect(await admin.database.query(`select from omni2.audit_logs where user_id = $1`, [id])).toHaveLength(1)

  const nothing = { status: 404, body: { error: `User ${id} was deleted.` } }
  expect(await admin.call('DELETE', `/users/${id}`)).toMatchObject(nothing)
  expect(await admin.call('PUT', `/users/${id}/password`, { body: { password } })).toMatchObject(nothing)
  expect(await admin.call('PATCH', `/users/${id}`, { body: { active: true } })).toMatchObject(nothing)
  expect(await admin.call('DELETE', '/users/999')).toMatchObject({ status: 404 })
})

test('a name is free again once its user is deleted', async () => {
  expectedChanges = 3
  const first = (await create({ username: 'again' })).body.after
  await admin.call('DELETE', `/users/${first.id}`)
  expect((await create({ username: 'again' })).body.after.id).not.toBe(first.id)
})

test('administrators cannot delete themselves, and two administrators who delete each other leave one', async () => {
  expectedChanges = 1
  expect(await admin.call('DELETE', `/users/${users.ada}`)).toMatchObject({
    status: 409,
    body: { code: 'own_access' },
  })
  const both = await Promise.all([
    admin.call('DELETE', `/users/${users.sue}`, { as: 'ada' }),
    admin.call('PATCH', `/users/${users.ada}`, { as: 'sue', body: { active: false } }),
  ])
  expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
  const left = await admin.database.query(
    `select from auth_service.users "user" join auth_service.roles role on role.id = role_id
     where "user".active and role.name in ('admin', 'super_admin')`,
  )
  expect(left).toHaveLength(1)
})
