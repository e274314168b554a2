import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUser, jwtSecret, logIn, makeToken, startAuth, validate } from './start-auth.ts'

let auth: Awaited<ReturnType<typeof startAuth>>
let userId: number

beforeAll(async () => {
  auth = await startAuth()
  userId = await addUser(auth.database)
})

afterAll(() => auth[Symbol.asyncDispose]())

const refusal = async (token?: string, init?: RequestInit) => {
  const response = await validate(auth.url, token, init)
  const body: unknown = await response.json()
  return { status: response.status, body, challenge: response.headers.get('www-authenticate') }
}

const json = { 'content-type': 'application/json' }

test.each([
  { method: 'GET' },
  { method: 'HEAD' },
  { method: 'OPTIONS' },
  { method: 'POST', body: '{', headers: json },
  { method: 'PUT', body: 'x'.repeat(100_000) },
  { method: 'PATCH', body: '', headers: json },
  { method: 'DELETE', body: 'x', headers: { 'content-type': 'image/png' } },
])('answers with the identity to $method', async (init) => {
  const response = await validate(auth.url, await makeToken(userId), init)
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-user-id': String(userId),
    'x-user-username': 'alice',
    'x-user-role': 'role of alice',
    'x-omni2-identity': expect.stringMatching(/^ey/),
    'cache-control': 'no-store',
  })
})

test('distinguishes a missing, a malformed, a forged and a refresh token', async () => {
  expect(await refusal()).toEqual({
    status: 401,
    body: { error: expect.any(String), code: 'token_missing' },
    challenge: 'Bearer',
  })
  expect(await refusal('garbage')).toMatchObject({ status: 401, body: { code: 'token_malformed' } })
  const [header, payload] = (await makeToken(userId)).split('.')
  const forged = `${header}.${payload}.${'A'.repeat(43)}`
  expect(await refusal(forged)).toMatchObject({ status: 401, body: { code: 'bad_signature' } })
  expect(await refusal(await makeToken(userId, { type: 'refresh' }))).toEqual({
    status: 401,
    body: { error: expect.any(String), code: 'refresh_token' },
    challenge: expect.stringMatching(/^Bearer error="invalid_token", error_description="[^"]+"$/),
  })
})

test('the assertion that auth signs is no access token', async () => {
  const response = await validate(auth.url, await makeToken(userId))
  const assertion = response.headers.get('x-omni2-identity') ?? ''
  expect(await refusal(assertion)).toMatchObject({ status: 401, body: { code: 'wrong_algorithm' } })
})

test('refuses the token of a deleted user', async () => {
  const id = await addUser(auth.database, { username: 'deleted' })
  const token = await makeToken(id)
  expect((await validate(auth.url, token)).status).toBe(200)
  await auth.database.query('delete from auth_service.users where id = $1', [id])
  expect(await refusal(token)).toMatchObject({ status: 401, body: { code: 'unknown_user' } })
})

test('refuses a revoked login and no other one of the same user', async () => {
  const [revoked, other] = [await logIn(auth.url, 'alice'), await logIn(auth.url, 'alice')]
  await auth.database.query('update auth_service.sessions set revoked_at = now() where sid = $1', [
    decodeJwt(revoked.access_token)['sid'],
  ])
  expect(await refusal(revoked.access_token)).toMatchObject({ status: 401, body: { code: 'login_revoked' } })
  expect((await validate(auth.url, other.access_token)).status).toBe(200)
})

test('refuses a login that ended before its token', async () => {
  const { access_token } = await logIn(auth.url, 'alice')
  await auth.database.query(
    "update auth_service.sessions set expires_at = now() - interval '1 s' where sid = $1",
    [decodeJwt(access_token)['sid']],
  )
  expect(await refusal(access_token)).toMatchObject({ status: 401, body: { code: 'login_expired' } })
})

test('a token without sid always names the same login, which can be revoked', async () => {
  const token = await makeToken(userId, { jti: 'of an existing deployment' })
  const readSid = async () =>
    decodeJwt((await validate(auth.url, token)).headers.get('x-omni2-identity') ?? '')['sid']
  const sid = await readSid()
  expect(await readSid()).toBe(sid)
  await auth.database.query(
    `insert into auth_service.sessions (sid, user_id, expires_at, revoked_at)
     values ($1, $2, now() + interval '1 h', now())`,
    [sid, userId],
  )
  expect(await refusal(token)).toMatchObject({ status: 401, body: { code: 'login_revoked' } })
})

test('the role is the database’s of now, not the token’s', async () => {
  const token = await makeToken(userId, { role: 'super_admin', username: 'root' })
  const { headers } = await validate(auth.url, token)
  expect([headers.get('x-user-role'), headers.get('x-user-username')]).toEqual(['role of alice', 'alice'])
})

test('any username fits a header', async () => {
  const name = 'Jörg 李雷\r\nX-User-Role: admin'
  const id = await addUser(auth.database, { username: name })
  const { status, headers } = await validate(auth.url, await makeToken(id))
  expect(status).toBe(200)
  expect(decodeURIComponent(headers.get('x-user-username') ?? '')).toBe(name)
  expect(headers.get('x-user-role')).toMatch(/^role of J%C3%B6rg/)
})

test('a user without a role has an empty one', async () => {
  const id = await addUser(auth.database, { username: 'roleless' })
  await auth.database.query('update auth_service.users set role_id = null where id = $1', [id])
  const { status, headers } = await validate(auth.url, await makeToken(id))
  expect([status, headers.get('x-user-role')]).toEqual([200, ''])
})

test('costs one SQL statement, and none without a good token', async () => {
  const token = await makeToken(userId)
  const countStatements = async () => {
    const [row] = await auth.database.query<{ calls: number }>(
      `select coalesce(sum(calls), 0)::int as calls from pg_stat_statements
       where dbid = (select oid from pg_database where datname = current_database())
         and query not like '%pg_stat_statements%'`,
    )
    return row?.calls ?? 0
  }
  await validate(auth.url, token)
  const before = await countStatements()
  for (let turn = 0; turn < 20; turn++) {
    expect((await validate(auth.url, token)).status).toBe(200)
    expect((await validate(auth.url, `${token}x`)).status).toBe(401)
  }
  expect((await countStatements()) - before).toBe(20)
})

test('no secret or token reaches the log', () => {
  const printed = auth.service.log.lines().join('\n')
  expect(printed).toContain('access refused')
  expect(printed).not.toMatch(/eyJ/)
  expect(printed).not.toContain(jwtSecret)
})
