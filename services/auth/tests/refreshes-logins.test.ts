import { decodeJwt } from 'jose'
import { tokensSchema } from '@omni2/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUser, logIn, postJson, readRefusal, startAuth, validate } from './start-auth.ts'

let auth: Awaited<ReturnType<typeof startAuth>>

beforeAll(async () => {
  auth = await startAuth({ AUTH_REFRESH_TOKEN_SECONDS: '600' })
  await addUser(auth.database, { tokenExpiry: 120 })
})

afterAll(() => auth[Symbol.asyncDispose]())

const refresh = (refresh_token: unknown) => postJson(`${auth.url}/auth/refresh`, { refresh_token })
const refreshed = async (token: string) => tokensSchema.parse(await (await refresh(token)).json())
const stateOf = async (accessToken: string) =>
  (await readRefusal(validate(auth.url, accessToken)))[1] ?? 'live'

test('a refresh token gives new tokens of the same login, again and again', async () => {
  const first = await logIn(auth.url, 'alice')
  const second = await refreshed(first.refresh_token)
  const third = await refreshed(second.refresh_token)
  expect(third).toMatchObject({ token_type: 'bearer', expires_in: 120 })
  expect(new Set([first, second, third].map(({ refresh_token }) => refresh_token)).size).toBe(3)
  const sids = [first, second, third].map(({ access_token }) => decodeJwt(access_token)['sid'])
  expect(new Set(sids).size).toBe(1)
  expect(await stateOf(third.access_token)).toBe('live')
})

test('a refresh token that is used a second time ends its login, and no other one', async () => {
  const [stolen, other] = [await logIn(auth.url, 'alice'), await logIn(auth.url, 'alice')]
  const successor = await refreshed(stolen.refresh_token)
  expect(await readRefusal(refresh(stolen.refresh_token))).toEqual([401, 'refresh_token_reused'])
  expect(await stateOf(successor.access_token)).toBe('login_revoked')
  expect(await stateOf(stolen.access_token)).toBe('login_revoked')
  expect(await readRefusal(refresh(successor.refresh_token))).toEqual([401, 'login_revoked'])
  expect(await readRefusal(refresh(stolen.refresh_token))).toEqual([401, 'refresh_token_reused'])
  expect(await stateOf(other.access_token)).toBe('live')
  expect((await refresh(other.refresh_token)).status).toBe(200)
})

test('of ten at once with the same token exactly one wins, and the login has ended', async () => {
  const { refresh_token } = await logIn(auth.url, 'alice')
  const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refresh_token)))
  const won = answers.filter(({ status }) => status === 200)
  expect(won).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(9)
  const tokens = tokensSchema.parse(await won[0]?.json())
  expect(await stateOf(tokens.access_token)).toBe('login_revoked')
})

test('a refresh token that was not used in time is refused, and ends nothing', async () => {
  const { access_token, refresh_token } = await logIn(auth.url, 'alice')
  const sid = decodeJwt(access_token)['sid']
  const [row] = await auth.database.query<{ seconds: number }>(
    `select extract(epoch from expires_at - now())::int as seconds from auth_service.refresh_tokens where sid = $1`,
    [sid],
  )
  expect(row?.seconds).toBeLessThanOrEqual(600)
  await auth.database.query('update auth_service.refresh_tokens set expires_at = now() where sid = $1', [sid])
  expect(await readRefusal(refresh(refresh_token))).toEqual([401, 'bad_refresh_token'])
  expect(await stateOf(access_token)).toBe('live')
})

test('the tokens of a login never outlive it', async () => {
  const { access_token, refresh_token } = await logIn(auth.url, 'alice')
  const sid = decodeJwt(access_token)['sid']
  await auth.database.query(
    "update auth_service.sessions set expires_at = now() + interval '30 s' where sid = $1",
    [sid],
  )
  const last = await refreshed(refresh_token)
  expect(last.expires_in).toBeLessThanOrEqual(30)
  await auth.database.query('update auth_service.sessions set expires_at = now() where sid = $1', [sid])
  expect(await readRefusal(refresh(last.refresh_token))).toEqual([401, 'bad_refresh_token'])
})

test('role and life of the new token are those of now', async () => {
  const id = await addUser(auth.database, { username: 'promoted', tokenExpiry: 60 })
  const { refresh_token } = await logIn(auth.url, 'promoted')
  await auth.database.query(
    `update auth_service.roles set name = 'chief', token_expiry = 90
     where id = (select role_id from auth_service.users where id = $1)`,
    [id],
  )
  const { access_token, expires_in } = await refreshed(refresh_token)
  expect([decodeJwt(access_token)['role'], expires_in]).toEqual(['chief', 90])
})

test('a refresh token is stored as its hash only, and is no access token', async () => {
  const { refresh_token } = await logIn(auth.url, 'alice')
  expect(await readRefusal(validate(auth.url, refresh_token))).toEqual([401, 'refresh_token'])
  const rows = await auth.database.query('select token_hash::text as hash from auth_service.refresh_tokens')
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain(Buffer.from(refresh_token).toString('hex'))
})

test.each([
  ['an unknown token', 'omni2_rt_unknown', 401, 'bad_refresh_token'],
  ['an empty one', '', 422, 'invalid_body'],
  ['none', undefined, 401, 'refresh_token_missing'],
  ['an object', {}, 422, 'invalid_body'],
])('refuses %s', async (_, token, status, code) => {
  expect(await readRefusal(refresh(token))).toEqual([status, code])
})

test('an access token is no refresh token', async () => {
  const { access_token } = await logIn(auth.url, 'alice')
  expect(await readRefusal(refresh(access_token))).toEqual([401, 'bad_refresh_token'])
})

test('no token reaches the log', () => {
  const printed = auth.service.log.lines().join('\n')
  expect(printed).toContain('refresh token used twice: login ended')
  expect(printed).not.toMatch(/omni2_rt_|eyJ/)
})
