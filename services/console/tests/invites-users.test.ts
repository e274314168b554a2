import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startConsole, users, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole({ CONSOLE_PASSWORD_COST: '4' })
})
afterAll(() => admin[Symbol.asyncDispose]())
beforeEach(() => admin.takeReceived())

const invite = (id: number, body: object = {}) => admin.call('POST', `/users/${id}/invitation`, { body })
const readStored = (id: number) =>
  admin.database.query<{ token_hash: Buffer; invited_by: number; hours: number }>(
    `select token_hash, invited_by, round(extract(epoch from expires_at - now()) / 3600)::int as hours
     from auth_service.invitations where user_id = $1`,
    [id],
  )

test('a user without a password is invited: only the answer holds the token', async () => {
  const made = await admin.call('POST', '/users', { body: { username: 'kim' } })
  expect(made.body).toMatchObject({ after: { username: 'kim' } })
  const { id } = made.body.after
  const [account] = await admin.database.query('select password_hash from auth_service.users where id = $1', [
    id,
  ])
  expect(account).toEqual({ password_hash: null })
  const { status, body } = await invite(id)
  expect(status).toBe(200)
  expect(body).toMatchObject({ before: null, after: { expires_at: expect.any(String) } })
  expect(body.link).toMatch(/^\/login\/invitation#omni2_it_[\w-]{43}$/)
  const token = body.link.split('#')[1]
  expect(await readStored(id)).toEqual([
    {
      token_hash: createHash('sha256').update(token).digest(),
      invited_by: body.after.invited_by,
      hours: 72,
    },
  ])
  expect((await admin.call('GET', `/users/${id}`)).body.invitation).toEqual(body.after)
  const changes = await admin.call('GET', `/changes?target_id=${id}`)
  expect(changes.body.items[0]).toMatchObject({ action: 'user.invite', target_id: String(id) })
  const [leak] = await admin.database.query<{ found: boolean }>(
    `select bool_or(strpos(to_jsonb(changes)::text, $1) > 0) as found from omni2.admin_changes changes`,
    [token],
  )
  expect(leak).toEqual({ found: false })
})

test('another one takes the place of the first, for as long as is said', async () => {
  const first = await invite(users.vera, { hours: 720 })
  const [before] = await readStored(users.vera)
  expect(before?.hours).toBe(720)
  const second = await invite(users.vera, { hours: 1 })
  expect(second.body.before).toEqual(first.body.after)
  const stored = await readStored(users.vera)
  expect(stored).toMatchObject([{ hours: 1 }])
  expect(stored[0]?.token_hash).not.toEqual(before?.token_hash)
})

test.each([
  ['is withdrawn', () => admin.call('DELETE', `/users/${users.vera}/invitation`)],
  [
    'is overtaken by a password',
    () => admin.call('PUT', `/users/${users.vera}/password`, { body: { password: 'correct horse battery' } }),
  ],
  ['goes with its user', () => admin.call('DELETE', `/users/${users.vera}`)],
])('an invitation %s', async (_, act) => {
  expect((await invite(users.vera)).status).toBe(200)
  expect((await act()).status).toBe(200)
  expect(await readStored(users.vera)).toEqual([])
})

test('an unknown or deleted user is not invited, and none for ever', async () => {
  expect(await invite(999_999)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect(await invite(users.vera)).toMatchObject({ status: 404 })
  for (const hours of [0, 721, 1.5, 'x'])
    expect(await invite(1, { hours })).toMatchObject({ status: 422, body: { code: 'invalid_input' } })
})
