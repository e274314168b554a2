import { afterAll, beforeAll, expect, test } from 'vitest'
import { operations } from '../src/operations.ts'
import { startConsole, users, type ConsoleUnderTest, type UserName } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole()
})
afterAll(() => admin[Symbol.asyncDispose]())

/** A path of which nothing exists, so that a change that gets through changes nothing. */
const fill = (path: string) =>
  path
    .replace('{user_id}', '999')
    .replace('{role}', 'no-such-role')
    .replace('{server}', 'no-such-server')
    .replace('{model}', 'no-such-model')
    .replace('{session_id}', '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11')
    .replace('{seq}', '999')

/** 403 and its code, or that it got past the role. */
async function ask(as: UserName, method: string, path: string): Promise<unknown> {
  const response = await admin.request(method, fill(path), { as })
  const text = await response.text()
  return response.status === 403 ? JSON.parse(text).code : 'let in'
}

test.each(operations.map(({ id, method, path, access }) => [id, method, path, access] as const))(
  '%s - %s %s (%s)',
  async (_id, method, path, access) => {
    expect(await ask('ada', method, path)).toBe('let in')
    expect(await ask('sue', method, path)).toBe('let in')
    expect(await ask('oli', method, path)).toBe(access === 'read' ? 'let in' : 'forbidden')
    expect(await ask('vera', method, path)).toBe('forbidden')
    expect(await ask('stranger', method, path)).toBe('forbidden')
    expect(await ask('ina', method, path)).toBe('account_inactive')
  },
)

test('none of that changed anything', async () => {
  expect(await admin.countChanges()).toBe(0)
})

test('the role is the one of now, whatever the proof and the headers say', async () => {
  await admin.database.query(`update auth_service.users set role_id = 4 where id = ${users.sue}`)
  expect(await admin.call('GET', '/roles', { as: 'sue' })).toMatchObject({
    status: 403,
    body: { code: 'forbidden' },
  })
  await admin.database.query(`update auth_service.users set role_id = 2 where id = ${users.sue}`)
  expect((await admin.call('GET', '/roles', { as: 'sue' })).status).toBe(200)
})

test('a login that was ended is over here too', async () => {
  await admin.database.query(
    `update auth_service.sessions set revoked_at = now() where user_id = ${users.sue}`,
  )
  expect(await admin.call('GET', '/roles', { as: 'sue' })).toMatchObject({
    status: 401,
    body: { code: 'login_revoked' },
  })
})

test.each([
  ['for another path', { path: '/api/admin/v1/users' }, 'identity_for_another_request'],
  ['for another method', { method: 'DELETE' }, 'identity_for_another_request'],
  ['for another service', { audience: 'other' }, 'identity_invalid'],
])('a proof %s is none', async (_what, signed, code) => {
  expect(await admin.call('GET', '/roles', { signed })).toMatchObject({ status: 401, body: { code } })
})

test('no proof, another user’s name and a second spelling of it are refused', async () => {
  const bare = await fetch(`${admin.url}/api/admin/v1/roles`, {
    headers: { 'x-user-id': '1', 'x-user-role': 'admin' },
  })
  expect([bare.status, bare.headers.get('www-authenticate'), await bare.json()]).toMatchObject([
    401,
    'Bearer',
    { code: 'identity_missing' },
  ])
  const other = await admin.call('GET', '/roles', { headers: { 'x-user-id': '2' } })
  expect(other).toMatchObject({ status: 401, body: { code: 'identity_mismatch' } })
  const alias = await admin.call('GET', '/roles', { headers: { x_user_id: '1' } })
  expect(alias).toMatchObject({ status: 400, body: { code: 'identity_headers' } })
})

test('changes come from a page of ours or with a token, and only as JSON', async () => {
  const kick = (headers: Record<string, string>, body?: unknown) =>
    admin.call('POST', '/users/4/kick', { headers, ...(body === undefined ? {} : { body }) })
  expect(await kick({ authorization: '' })).toMatchObject({ status: 403, body: { code: 'origin_missing' } })
  expect(await kick({ origin: 'https://evil.example' })).toMatchObject({
    status: 403,
    body: { code: 'foreign_origin' },
  })
  expect(await kick({ authorization: '', origin: 'https://chat.example.org' })).toMatchObject({ status: 200 })
  expect(await kick({ 'content-type': 'text/plain' }, '{}')).toMatchObject({
    status: 415,
    body: { code: 'unsupported_media_type' },
  })
  expect(await kick({}, '{"broken"')).toMatchObject({ status: 422, body: { code: 'invalid_json' } })
})

test('there is nothing elsewhere', async () => {
  expect(await admin.call('GET', '/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } })
})
